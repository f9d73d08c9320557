import { ops } from "../../tensor/index.js";
import type { LayerEntry } from "../entry.js";
import { x } from "../schemas.js";
import { passes } from "../ranges.js";

export const flatten: LayerEntry = {
  kind: "layer",
  name: "flatten",
  doc: "All dimensions of an example in one, row-major. Shape [a, b, c] becomes [a·b·c].",
  example: "h = image |> flatten |> dense(10)",
  parameters: [x],
  range: passes,
  shape: ({ inputs: [input] }) => ({ ...input!, dims: [input!.dims.reduce((a, d) => a * d, 1)] }),
  lower: ({ b, values: [value], output, batch }) =>
    ops.reshape(b, value!, output.batched ? [batch, ...output.dims] : output.dims),
};
