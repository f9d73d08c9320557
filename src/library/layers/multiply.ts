import { ops } from "../../tensor/index.js";
import { mixes, product } from "../ranges.js";
import { elementwise } from "./elementwise.js";

export const multiply = elementwise(
  "multiply",
  "Multiplies tensors number by number.",
  "h = multiply(a, b)",
  (b, values) => values.slice(1).reduce((product, value) => ops.mul(b, product, value), values[0]!),
  mixes(product),
);
