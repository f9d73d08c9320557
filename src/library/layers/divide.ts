import { ops } from "../../tensor/index.js";
import { divides } from "../ranges.js";
import { elementwise } from "./elementwise.js";

export const divide = elementwise({
  name: "divide",
  doc: "The first tensor divided by the others, number by number.",
  example: "h = divide(a, b)",
  written: "/",
  range: divides,
  combine: (b, first, others) => others.reduce((rest, value) => ops.div(b, rest, value), first),
});
