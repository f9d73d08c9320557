import { ops } from "../../tensor/index.js";
import type { LayerEntry } from "../entry.js";
import { anyNumber, option } from "../schemas.js";

export const constant: LayerEntry = {
  kind: "layer",
  name: "constant",
  hidden: true,
  doc: "A number in an expression of tensors: the `2` of `2 * x`.",
  example: "h = 2 * x",
  parameters: [option("value", anyNumber, "The number.")],
  range: ({ options }) => ({ low: options.number("value"), high: options.number("value") }),
  shape: () => ({ dtype: "float", dims: [], batched: false }),
  lower: ({ b, options }) => ops.scalar(b, options.number("value")),
};
