import { ops } from "../../tensor/index.js";
import { defineActivation } from "../kinds/activation.js";
import { option } from "../kinds/parameters.js";
import { flag } from "../kinds/values.js";

const CUT = 30;

export const gelu = defineActivation({
  name: "gelu",
  doc: "x · Φ(x), with the normal distribution function Φ (Hendrycks and Gimpel 2016); `approximate` takes their tanh form.",
  example: "h = x |> dense(8, gelu)",
  parameters: { approximate: option(flag, "Whether tanh stands in for Φ.", false) },
  range: () => ({ low: -0.170041, high: Infinity }),
  lower: (b, x, options) => {
    if (options.approximate) {
      // Beyond the cut tanh is ±1, also in float64; the cube of a large x would be infinite, and its slope 0·∞.
      const near = ops.clip(b, x, -CUT, CUT);
      const cubed = ops.mul(b, ops.mul(b, ops.square(b, near), near), 0.044715);
      const inner = ops.mul(b, ops.add(b, near, cubed), Math.sqrt(2 / Math.PI));
      return ops.mul(b, ops.mul(b, x, 0.5), ops.add(b, ops.tanh(b, inner), 1));
    }
    const phi = ops.add(b, ops.erf(b, ops.mul(b, x, Math.SQRT1_2)), 1);
    return ops.mul(b, ops.mul(b, x, 0.5), phi);
  },
});
