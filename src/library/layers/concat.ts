import { ops } from "../../tensor/index.js";
import { problem } from "../entry.js";
import { defineLayer } from "../kinds/layer.js";
import { option, tensors } from "../kinds/parameters.js";
import { integer } from "../kinds/values.js";
import { passes } from "../ranges.js";
import { dimensionAt } from "../sizes.js";
import { axisOf, integersProblem, isProblem, show } from "./shapes.js";

export const concat = defineLayer({
  name: "concat",
  elsewhere: ["concatenate", "cat"],
  doc: "Puts tensors one after the other along an axis (the last by default); the other dimensions must agree.",
  example: "h = concat(a, b)",
  copies: true,
  parameters: {
    tensors: tensors("A list of tensors, or several."),
    axis: option(integer(), "The axis; the batch is not counted.", -1),
  },
  range: passes,
  shape: ({ options, inputs: { tensors: inputs } }) => {
    const [first] = inputs;
    const integer = inputs.find((t) => t.dtype !== "float");
    if (integer) return integersProblem(integer, "concat");
    const axis = axisOf(first, options.axis, "concat");
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
    const size = inputs.reduce((sum, t) => sum + dimensionAt(t.dims, axis), 0);
    return { ...first, dims: first.dims.map((d, i) => (i === axis ? size : d)) };
  },
  lower: ({
    b,
    options,
    inputs: {
      tensors: [first],
    },
    values,
  }) => {
    const axis = axisOf(first, options.axis, "concat");
    if (isProblem(axis)) throw new Error(axis.message);
    return ops.concat(b, values.tensors, axis + (first.batched ? 1 : 0));
  },
});
