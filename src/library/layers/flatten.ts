import { elementCount } from "../../runtime/elements.js";
import { ops } from "../../tensor/index.js";
import { defineLayer } from "../kinds/layer.js";
import { x } from "../kinds/parameters.js";
import { passes } from "../ranges.js";

export const flatten = defineLayer({
  name: "flatten",
  doc: "All dimensions of an example in one, row-major. Shape [a, b, c] becomes [a·b·c].",
  example: "h = image |> flatten |> dense(10)",
  copies: true,
  parameters: { x },
  range: passes,
  shape: ({ inputs: { x: input } }) => ({ ...input, dims: [elementCount(input.dims)] }),
  lower: ({ b, values: { x: value }, output, batch }) =>
    ops.reshape(b, value, output.batched ? [batch, ...output.dims] : output.dims),
});
