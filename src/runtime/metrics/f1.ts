import { averaged, share } from "./averaged.js";

/** Precision and recall in one. */
export const f1 = averaged("f1", "The harmonic mean of precision and recall.", (c) =>
  share(2 * c.right, c.predicted + c.actual),
);
