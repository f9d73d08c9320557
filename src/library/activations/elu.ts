import { ops } from "../../tensor/index.js";
import { defineActivation } from "../kinds/activation.js";
import { option } from "../kinds/parameters.js";
import { nonNegative } from "../kinds/values.js";

export const elu = defineActivation({
  name: "elu",
  doc: "x where it is positive, else `alpha` · (eˣ - 1) (Clevert et al. 2016).",
  example: "h = x |> dense(8, elu)",
  parameters: { alpha: option(nonNegative, "The limit far below 0, negated.", 1) },
  range: (options) => ({ low: -options.alpha, high: Infinity }),
  lower: (b, x, options) => {
    const positive = ops.lt(b, 0, x);
    const below = ops.expm1(b, ops.select(b, positive, 0, x));
    return ops.select(b, positive, x, ops.mul(b, below, options.alpha));
  },
});
