import type { LayerEntry } from "../entry.js";
import { initializerOption, option } from "../schemas.js";
import { isLinear } from "../ranges.js";

export const freeWeight: LayerEntry = {
  kind: "layer",
  name: "weight",
  hidden: true,
  doc: "A weight that the spec declares: `weight alpha: float[4, 4] = identity`.",
  example: "weight alpha: float[4] = ones",
  parameters: [
    option(
      "shape",
      { type: "array", items: { type: "integer", minimum: 1 }, maxItems: 8 },
      "Its dimensions.",
    ),
    initializerOption("initializer", "glorot_uniform", "How it begins."),
  ],
  range: isLinear,
  shape: ({ options }) => ({ dtype: "float", dims: options.numbers("shape"), batched: false }),
  weights: ({ options }) => [
    { name: "value", shape: options.numbers("shape"), initializer: options.component("initializer")! },
  ],
  lower: ({ weight }) => weight("value"),
};
