import { ops } from "../../tensor/index.js";
import { averages } from "../ranges.js";
import { elementwise } from "./elementwise.js";

export const mean = elementwise(
  "mean",
  "The mean of several tensors, number by number.",
  "h = mean(a, b)",
  (b, values) =>
    ops.div(
      b,
      values.slice(1).reduce((sum, value) => ops.add(b, sum, value), values[0]!),
      values.length,
    ),
  averages,
);
