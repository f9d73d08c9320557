import { kernels, type Tensor, type TfjsBody, type TfjsProgram } from "../../runtime/tfjs/index.js";
import { evaluateShape } from "../../tensor/dimension.js";
import { lastUses } from "../../tensor/liveness.js";
import type { Program } from "../../tensor/program.js";
import { prepareCall } from "./call.js";
import { pairs, typeOf } from "../../tensor/lookup.js";
import { callOf } from "./table.js";

/** A program as a flat list of prepared calls. */
export function prepareTfjsProgram(program: Program): TfjsProgram {
  return {
    inputs: program.inputs.map(({ name, kind, value }) => {
      const { dtype, shape } = typeOf(program, value);
      return { name, kind, dtype, shape: (batch) => evaluateShape(shape, batch) };
    }),
    outputs: program.outputs.map(({ name, kind }) => ({ name, kind })),
    run: prepareBody(program),
  };
}

/** For each operation, the values to dispose after it: dead ones that are not the caller's. */
export function disposals(program: Program): number[][] {
  const given = new Set(program.inputs.map((i) => i.value.id));
  return lastUses(program).map((dead) => dead.filter((id) => !given.has(id)));
}

/** For each output, whether it must be a copy because its tensor is an input's or an earlier output's. */
export function copies(program: Program): boolean[] {
  const taken = new Set(program.inputs.map((i) => i.value.id));
  return program.outputs.map(({ value }) => {
    const copy = taken.has(value.id);
    taken.add(value.id);
    return copy;
  });
}

function prepareBody(program: Program): TfjsBody {
  const steps = pairs(program.operations, disposals(program)).map(([op, dead]) => ({
    run: prepareCall(callOf(program, op), prepareBody),
    inputs: op.inputs.map((v) => v.id),
    outputs: op.outputs.map((v) => v.id),
    dead,
  }));
  const inputs = program.inputs.map((i) => i.value.id);
  const outputs = program.outputs.map((o) => o.value.id);
  const copied = copies(program);
  return (tf, given, batch) => {
    const values = Array.from<Tensor>({ length: program.types.length });
    inputs.forEach((id, i) => {
      values[id] = kernels.at(given, i);
    });
    for (const step of steps) {
      const result = step.run(
        tf,
        step.inputs.map((id) => values[id]!),
        batch,
      );
      if (Array.isArray(result)) step.outputs.forEach((id, i) => (values[id] = kernels.at(result, i)));
      else values[step.outputs[0]!] = result;
      for (const id of step.dead) values[id]!.dispose();
    }
    return outputs.map((id, i) => (copied[i] === true ? tf.clone(values[id]!) : values[id]!));
  };
}
