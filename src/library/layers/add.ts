import { ops } from "../../tensor/index.js";
import { mixes, sum } from "../ranges.js";
import { elementwise } from "./elementwise.js";

export const add = elementwise(
  "add",
  "Adds tensors number by number.",
  "h = add(a, b)",
  (b, values) => values.slice(1).reduce((sum, value) => ops.add(b, sum, value), values[0]!),
  mixes(sum),
);
