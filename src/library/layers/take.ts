import { ops } from "../../tensor/index.js";
import { problem } from "../entry.js";
import { defineLayer } from "../kinds/layer.js";
import { option, x } from "../kinds/parameters.js";
import { integer } from "../kinds/values.js";
import { passes } from "../ranges.js";
import { dimensionAt } from "../sizes.js";
import { axisOf, isProblem, show } from "./shapes.js";

export const take = defineLayer({
  name: "take",
  doc: "One item of an axis (the first by default), which goes away: what `stack` puts together, `take` picks out.",
  example: "h = series |> take(0)",
  parameters: {
    x,
    index: option(integer(), "Which item, from 0; below 0 counted from the end."),
    axis: option(integer(), "The axis; the batch is not counted.", 0),
  },
  range: passes,
  shape: ({ options, inputs: { x: input } }) => {
    const axis = axisOf(input, options.axis, "take");
    if (isProblem(axis)) return axis;
    const [index, length] = [options.index, dimensionAt(input.dims, axis)];
    if (index >= length || index < -length) {
      return problem("NN3007", `\`take\` finds no item ${index} along axis ${axis} of ${show(input)}.`, {
        hint: `The items are 0 to ${length - 1}.`,
        option: "index",
      });
    }
    return { ...input, dims: input.dims.toSpliced(axis, 1) };
  },
  lower: ({ b, options, inputs: { x: input }, values: { x: value } }) => {
    const axis = axisOf(input, options.axis, "take");
    if (isProblem(axis)) throw new Error(axis.message);
    const index = options.index;
    const at = axis + (input.batched ? 1 : 0);
    return ops.squeeze(
      b,
      ops.sliceAxis(b, value, at, index < 0 ? index + dimensionAt(input.dims, axis) : index, 1),
      at,
    );
  },
});
