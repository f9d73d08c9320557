import type { Place, Plan } from "../../runtime/wasm/plan.js";
import type { Program } from "../../tensor/program.js";
import { planBody, type Target } from "./body.js";
import { PlanBuilder, type Labels } from "./builder.js";
import { extentOf, product } from "./extent.js";
import { typeOf } from "../../tensor/lookup.js";
import { scheduled } from "./schedule.js";

/** A program as a plan: what it keeps, takes and gives are buffers under their names. `labels` are for readers. */
export function planProgram(program: Program, labels?: Labels): Plan {
  const builder = new PlanBuilder(labels);
  const buffer = (name: string, role: "state" | "argument" | "result", id: number): Place => {
    const { dtype, shape } = typeOf(program, { id });
    const sizes = shape.map(extentOf);
    return builder.buffer({ name, role, dtype, size: product(sizes), shape: sizes });
  };
  const places = new Map<number, Place>();
  const states = new Map<string, { place: Place; value: number | undefined }>();
  for (const { name, kind, value } of program.inputs) {
    const place = buffer(name, kind, value.id);
    places.set(value.id, place);
    if (kind === "state") states.set(name, { place, value: value.id });
  }
  const targets = program.outputs.map(({ name, kind, value }): Target => {
    if (kind === "result")
      return { value: value.id, place: buffer(name, "result", value.id), holds: undefined };
    const known = states.get(name);
    return { value: value.id, place: known?.place ?? buffer(name, "state", value.id), holds: known?.value };
  });
  planBody(builder, scheduled(program), places, targets);
  return builder.finish(program.name);
}

/** Values by the node that they came from and what they compute. */
export function labelsByOrigin(): Labels {
  const known = new Map<Program, string[]>();
  return (program, id) => {
    let names = known.get(program);
    if (!names) {
      names = [];
      for (const { name, value } of program.inputs) names[value.id] = name;
      for (const { origin, primitive, outputs } of program.operations) {
        for (const v of outputs) names[v.id] = origin === undefined ? primitive : `${origin}.${primitive}`;
      }
      known.set(program, names);
    }
    return names[id] ?? "value";
  };
}
