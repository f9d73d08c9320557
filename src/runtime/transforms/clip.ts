import { numberOption } from "../parameter.js";
import { each } from "./affine.js";
import type { Transform } from "./transform.js";

/** Values within bounds. */
export const clip: Transform = {
  name: "clip",
  doc: "Replaces values below `lo` by `lo` and values above `hi` by `hi`.",
  parameters: [
    { name: "lo", doc: "The smallest value that stays.", schema: { type: "number" }, required: true },
    { name: "hi", doc: "The largest value that stays.", schema: { type: "number" }, required: true },
  ],
  columns: "keeps",
  problem: (options) => {
    const [lo, hi] = [numberOption(options, "lo"), numberOption(options, "hi")];
    return lo > hi ? `\`clip\` has a lower bound of ${lo} and an upper one of ${hi}` : undefined;
  },
  quantities: [],
  fit: () => ({}),
  apply: (columns, _, options) => {
    const lo = numberOption(options, "lo");
    const hi = numberOption(options, "hi");
    return each(columns, (x) => Math.min(Math.max(x, lo), hi));
  },
  reach: (before, options) =>
    before && {
      low: Math.max(before.low, numberOption(options, "lo")),
      high: Math.min(before.high, numberOption(options, "hi")),
    },
  inverse: {
    kind: "identity",
    note: "What was cut off is gone; values within the bounds were never changed.",
  },
};
