import { ops } from "../../tensor/index.js";
import type { ActivationEntry } from "../entry.js";

export const softmax: ActivationEntry = {
  kind: "activation",
  name: "softmax",
  doc: "eˣ over the sum of eˣ along the last axis.",
  example: "h = x |> dense(8, softmax)",
  parameters: [],
  range: (_, input, last) => (last === 1 ? { low: 1, high: 1 } : { low: 0, high: 1, shares: true }),
  lower: (b, x) => ops.softmax(b, x, -1),
};
