import { affine } from "./affine.js";

/** From 0 to 1. */
export const minMax = affine({
  name: "min_max",
  doc: "Maps the smallest value of the training part to 0 and the largest to 1. A constant column is divided by 1.",
  reach: { low: 0, high: 1 },
  measure: (values) => {
    let low = Infinity;
    let high = -Infinity;
    for (const x of values) {
      if (x < low) low = x;
      if (x > high) high = x;
    }
    return { center: low, scale: high - low };
  },
});
