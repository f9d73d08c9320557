import { ops } from "../../tensor/index.js";
import { divides } from "../ranges.js";
import { elementwise } from "./elementwise.js";

export const divide = elementwise(
  "divide",
  "The first tensor divided by the others, number by number.",
  "h = divide(a, b)",
  (b, values) => values.slice(1).reduce((rest, value) => ops.div(b, rest, value), values[0]!),
  divides,
);
