import { ops } from "../../tensor/index.js";
import { problem } from "../entry.js";
import { defineLayer } from "../kinds/layer.js";
import { option, tensors } from "../kinds/parameters.js";
import { integer } from "../kinds/values.js";
import { passes } from "../ranges.js";
import { axisOf, integersProblem, isProblem, show } from "./shapes.js";

export const stack = defineLayer({
  name: "stack",
  doc: "Puts n tensors of one shape along a new axis (the first by default): n × [a, b] becomes [n, a, b].",
  example: "h = stack(a, b)",
  parameters: {
    tensors: tensors("A list of tensors, or several."),
    axis: option(integer(), "Where the new axis stands; the batch is not counted.", 0),
  },
  range: passes,
  shape: ({ options, inputs: { tensors: inputs } }) => {
    const [first] = inputs;
    const integer = inputs.find((t) => t.dtype !== "float");
    if (integer) return integersProblem(integer, "stack");
    if (inputs.some((t) => show(t) !== show(first) || t.batched !== first.batched)) {
      return problem(
        "NN3001",
        `\`stack\` needs equal shapes, but here come ${inputs.map(show).join(" and ")}.`,
      );
    }
    const axis = axisOf(first, options.axis, "stack", 1);
    if (isProblem(axis)) return axis;
    return { ...first, dims: first.dims.toSpliced(axis, 0, inputs.length) };
  },
  lower: ({
    b,
    options,
    inputs: {
      tensors: [first],
    },
    values,
  }) => {
    const axis = axisOf(first, options.axis, "stack", 1);
    if (isProblem(axis)) throw new Error(axis.message);
    return ops.stack(b, values.tensors, axis + (first.batched ? 1 : 0));
  },
});
