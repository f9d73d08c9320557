import { ops } from "../../tensor/index.js";
import { mixes, sum } from "../ranges.js";
import { elementwise } from "./elementwise.js";

export const add = elementwise({
  name: "add",
  doc: "Adds tensors number by number.",
  example: "h = add(a, b)",
  written: "+",
  range: mixes(sum),
  combine: (b, first, others) => others.reduce((sum, value) => ops.add(b, sum, value), first),
});
