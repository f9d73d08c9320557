import { ops } from "../../tensor/index.js";
import { defineLayer } from "../kinds/layer.js";
import { option } from "../kinds/parameters.js";
import { anyNumber } from "../kinds/values.js";

export const constant = defineLayer({
  name: "constant",
  written: "number",
  hidden: true,
  doc: "A number in an expression of tensors: the `2` of `2 * x`.",
  example: "h = 2 * x",
  parameters: { value: option(anyNumber, "The number.") },
  range: ({ options }) => ({ low: options.value, high: options.value }),
  shape: () => ({ dtype: "float", dims: [], batched: false }),
  lower: ({ b, options }) => ops.scalar(b, options.value),
});
