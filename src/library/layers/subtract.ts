import { ops } from "../../tensor/index.js";
import { difference, mixes } from "../ranges.js";
import { elementwise } from "./elementwise.js";

export const subtract = elementwise(
  "subtract",
  "The first tensor less the others, number by number.",
  "h = subtract(a, b)",
  (b, values) => values.slice(1).reduce((rest, value) => ops.sub(b, rest, value), values[0]!),
  mixes(difference),
);
