import { logarithm } from "./logarithm.js";

/** The natural logarithm of one more. */
export const log1p = logarithm({
  name: "log1p",
  doc: "The natural logarithm of the value plus 1, for values greater than -1: counts, for example.",
  bound: -1,
  forward: Math.log1p,
  backward: Math.expm1,
});
