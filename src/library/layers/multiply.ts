import { ops } from "../../tensor/index.js";
import { mixes, product } from "../ranges.js";
import { elementwise } from "./elementwise.js";

export const multiply = elementwise({
  name: "multiply",
  doc: "Multiplies tensors number by number.",
  example: "h = multiply(a, b)",
  written: "*",
  range: mixes(product),
  combine: (b, first, others) => others.reduce((product, value) => ops.mul(b, product, value), first),
});
