import { ops } from "../../tensor/index.js";
import { averages } from "../ranges.js";
import { elementwise } from "./elementwise.js";

export const mean = elementwise({
  name: "mean",
  doc: "The mean of several tensors, number by number.",
  example: "h = mean(a, b)",

  range: averages,
  combine: (b, first, others) => {
    const sum = others.reduce((total, value) => ops.add(b, total, value), first);
    return ops.div(b, sum, others.length + 1);
  },
});
