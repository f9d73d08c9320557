import { ops } from "../../tensor/index.js";
import { difference, mixes } from "../ranges.js";
import { elementwise } from "./elementwise.js";

export const subtract = elementwise({
  name: "subtract",
  doc: "The first tensor less the others, number by number.",
  example: "h = subtract(a, b)",
  written: "-",
  range: mixes(difference),
  combine: (b, first, others) => others.reduce((rest, value) => ops.sub(b, rest, value), first),
});
