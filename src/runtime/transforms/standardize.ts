import { affine } from "./affine.js";
import { mean } from "./quantile.js";

/** Mean 0 and standard deviation 1. */
export const standardize = affine({
  name: "standardize",
  doc: "Subtracts the mean and divides by the standard deviation (of the population) of the training part. A constant column is divided by 1.",
  // Most columns have values two deviations away on either side.
  reach: { low: -2, high: 2 },
  measure: (values) => {
    // Moments of differences to one value keep the digits of a small spread far from 0; for equal values they are exactly 0.
    const shift = values[0]!;
    const shifted = values.map((x) => x - shift);
    const middle = mean(shifted);
    const deviation = Math.sqrt(mean(shifted.map((x) => (x - middle) ** 2)));
    const center = shift + middle;
    // Values that differ only by rounding, as 0.3 and 0.1 + 0.2 do, count as constant.
    const noise = 8 * Number.EPSILON * Math.abs(center);
    return { center, scale: deviation <= noise ? 1 : deviation };
  },
});
