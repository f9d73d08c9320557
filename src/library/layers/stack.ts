import { ops } from "../../tensor/index.js";
import { problem, type LayerEntry } from "../entry.js";
import { option } from "../schemas.js";
import { axisOf, floatInput, isProblem, show } from "./shapes.js";
import { passes } from "../ranges.js";

export const stack: LayerEntry = {
  kind: "layer",
  name: "stack",
  doc: "Puts n tensors of one shape along a new axis (the first by default): n × [a, b] becomes [n, a, b].",
  example: "h = stack(a, b)",
  parameters: [
    { kind: "tensors", name: "tensors", doc: "A list of tensors, or several." },
    option("axis", { type: "integer" }, "Where the new axis stands; the batch is not counted.", 0),
  ],
  range: passes,
  shape: ({ options, inputs }) => {
    const first = inputs[0]!;
    const integer = inputs.find((t) => t.dtype !== "float");
    if (integer) return floatInput(integer, "stack")!;
    if (inputs.some((t) => show(t) !== show(first) || t.batched !== first.batched)) {
      return problem(
        "NN3001",
        `\`stack\` needs equal shapes, but here come ${inputs.map(show).join(" and ")}.`,
      );
    }
    const axis = axisOf(first, options.number("axis"), "stack", 1);
    if (isProblem(axis)) return axis;
    return { ...first, dims: first.dims.toSpliced(axis, 0, inputs.length) };
  },
  lower: ({ b, options, inputs: [first], values }) => {
    const axis = axisOf(first!, options.number("axis"), "stack", 1);
    if (isProblem(axis)) throw new Error(axis.message);
    return ops.stack(b, values, axis + (first!.batched ? 1 : 0));
  },
};
