import { affine } from "./affine.js";
import { mean } from "./quantile.js";

/** Mean 0 and standard deviation 1. */
export const standardize = affine({
  name: "standardize",
  doc: "Subtracts the mean and divides by the standard deviation (of the population) of the training part. A constant column is divided by 1.",
  // Most columns have values two deviations away on either side.
  reach: { low: -2, high: 2 },
  measure: (values) => {
    const center = mean(values);
    const variance = mean(values.map((x) => (x - center) ** 2));
    // A constant column's variance may come out as rounding noise; the bound is that of scikit-learn.
    const n = values.length;
    const noise = n * Number.EPSILON * variance + (n * center * Number.EPSILON) ** 2;
    return { center, scale: variance <= noise ? 1 : Math.sqrt(variance) };
  },
});
