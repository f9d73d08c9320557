import { ops } from "../../tensor/index.js";
import { problem } from "../entry.js";
import { defineLayer } from "../kinds/layer.js";
import { option, x } from "../kinds/parameters.js";
import { count, integer, steps } from "../kinds/values.js";
import { passes } from "../ranges.js";
import { dimensionAt } from "../sizes.js";
import { axisOf, isProblem, show } from "./shapes.js";

export const slice = defineLayer({
  name: "slice",
  doc: "A part of an axis (the last by default): `size` items from `begin` on.",
  example: "h = x |> slice(0, 3)",
  parameters: {
    x,
    begin: option(steps, "Where the part begins, counted from 0."),
    size: option(count, "How long it is."),
    axis: option(integer(), "The axis; the batch is not counted.", -1),
  },
  range: passes,
  shape: ({ options, inputs: { x: input } }) => {
    const axis = axisOf(input, options.axis, "slice");
    if (isProblem(axis)) return axis;
    const [begin, size] = [options.begin, options.size];
    const length = dimensionAt(input.dims, axis);
    if (begin + size > length) {
      return problem(
        "NN3007",
        `\`slice\` would go from ${begin} up to ${begin + size}, but axis ${axis} of ${show(input)} ends at ${length}.`,
        { option: begin < length ? "size" : "begin" },
      );
    }
    return { ...input, dims: input.dims.with(axis, size) };
  },
  lower: ({ b, options, inputs: { x: input }, values: { x: value } }) => {
    const axis = axisOf(input, options.axis, "slice");
    if (isProblem(axis)) throw new Error(axis.message);
    const at = axis + (input.batched ? 1 : 0);
    return ops.sliceAxis(b, value, at, options.begin, options.size);
  },
});
