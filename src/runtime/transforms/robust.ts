import { affine } from "./affine.js";
import { quantile } from "./quantile.js";

/** Median 0 and interquartile range 1. */
export const robust = affine({
  name: "robust",
  doc: "Subtracts the median and divides by the interquartile range of the training part, which outliers hardly move. Where that range is 0, it divides by 1.",
  reach: { low: -1, high: 1 },
  measure: (values) => {
    const sorted = values.toSorted();
    return { center: quantile(sorted, 0.5), scale: quantile(sorted, 0.75) - quantile(sorted, 0.25) };
  },
});
