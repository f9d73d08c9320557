import { averaged, share } from "./averaged.js";

/** How many of those there are were found. */
export const recall = averaged("recall", "Of the rows of a class, the share that was predicted to be.", (c) =>
  share(c.right, c.actual),
);
