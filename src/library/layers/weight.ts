import { integer, listOf } from "../kinds/values.js";
import { initializerOption } from "../declarations.js";
import { defineLayer } from "../kinds/layer.js";
import { option } from "../kinds/parameters.js";
import { isLinear } from "../ranges.js";

export const freeWeight = defineLayer({
  name: "weight",
  written: "weight",
  hidden: true,
  doc: "A weight that the spec declares: `weight alpha: float[4, 4] = identity`.",
  example: "weight alpha: float[4] = ones",
  parameters: {
    shape: option(listOf(integer({ minimum: 1 }), { maxItems: 8 }), "Its dimensions."),
    initializer: initializerOption("glorot_uniform", "How it begins."),
  },
  range: isLinear,
  shape: ({ options }) => ({ dtype: "float", dims: options.shape, batched: false }),
  weights: ({ options }) => [{ name: "value", shape: options.shape, initializer: options.initializer }],
  lower: ({ weight }) => weight("value"),
});
