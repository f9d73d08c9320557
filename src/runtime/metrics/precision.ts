import { averaged, share } from "./averaged.js";

/** How many of those found are right. */
export const precision = averaged(
  "precision",
  "Of the rows predicted to be of a class, the share that is.",
  (c) => share(c.right, c.predicted),
);
