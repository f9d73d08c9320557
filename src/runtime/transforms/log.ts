import { logarithm } from "./logarithm.js";

/** The natural logarithm. */
export const log = logarithm({
  name: "log",
  doc: "The natural logarithm of values greater than 0.",
  bound: 0,
  forward: Math.log,
  backward: Math.exp,
});
