import { ops } from "../../tensor/index.js";
import { problem, type LayerEntry } from "../entry.js";
import { count, option, steps, x } from "../schemas.js";
import { axisOf, isProblem, show } from "./shapes.js";
import { passes } from "../ranges.js";

export const slice: LayerEntry = {
  kind: "layer",
  name: "slice",
  doc: "A part of an axis (the last by default): `size` items from `begin` on.",
  example: "h = x |> slice(0, 3)",
  parameters: [
    x,
    option("begin", steps, "Where the part begins, counted from 0."),
    option("size", count, "How long it is."),
    option("axis", { type: "integer" }, "The axis; the batch is not counted.", -1),
  ],
  range: passes,
  shape: ({ options, inputs: [input] }) => {
    const axis = axisOf(input!, options.number("axis"), "slice");
    if (isProblem(axis)) return axis;
    const [begin, size] = [options.number("begin"), options.number("size")];
    const length = input!.dims[axis]!;
    if (begin + size > length) {
      return problem(
        "NN3007",
        `\`slice\` would go from ${begin} up to ${begin + size}, but axis ${axis} of ${show(input!)} ends at ${length}.`,
        { option: begin < length ? "size" : "begin" },
      );
    }
    return { ...input!, dims: input!.dims.with(axis, size) };
  },
  lower: ({ b, options, inputs: [input], values: [value] }) => {
    const axis = axisOf(input!, options.number("axis"), "slice");
    if (isProblem(axis)) throw new Error(axis.message);
    const at = axis + (input!.batched ? 1 : 0);
    return ops.sliceAxis(b, value!, at, options.number("begin"), options.number("size"));
  },
};
