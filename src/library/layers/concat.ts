import { ops } from "../../tensor/index.js";
import { problem, type LayerEntry } from "../entry.js";
import { option } from "../schemas.js";
import { axisOf, floatInput, isProblem, show } from "./shapes.js";
import { passes } from "../ranges.js";

export const concat: LayerEntry = {
  kind: "layer",
  name: "concat",
  doc: "Puts tensors one after the other along an axis (the last by default); the other dimensions must agree.",
  example: "h = concat(a, b)",
  parameters: [
    { kind: "tensors", name: "tensors", doc: "A list of tensors, or several." },
    option("axis", { type: "integer" }, "The axis; the batch is not counted.", -1),
  ],
  range: passes,
  shape: ({ options, inputs }) => {
    const first = inputs[0]!;
    const integer = inputs.find((t) => t.dtype !== "float");
    if (integer) return floatInput(integer, "concat")!;
    const axis = axisOf(first, options.number("axis"), "concat");
    if (isProblem(axis)) return axis;
    const fits = inputs.every(
      (t) =>
        t.batched === first.batched &&
        t.dims.length === first.dims.length &&
        t.dims.every((d, i) => i === axis || d === first.dims[i]),
    );
    if (!fits) {
      return problem(
        "NN3001",
        `\`concat\` along axis ${axis} needs the other dimensions equal, but here come ${inputs.map(show).join(" and ")}.`,
      );
    }
    const size = inputs.reduce((sum, t) => sum + t.dims[axis]!, 0);
    return { ...first, dims: first.dims.map((d, i) => (i === axis ? size : d)) };
  },
  lower: ({ b, options, inputs: [first], values }) => {
    const axis = axisOf(first!, options.number("axis"), "concat");
    if (isProblem(axis)) throw new Error(axis.message);
    return ops.concat(b, values, axis + (first!.batched ? 1 : 0));
  },
};
