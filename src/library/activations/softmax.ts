import { defineActivation } from "../kinds/activation.js";
import { ops } from "../../tensor/index.js";

export const softmax = defineActivation({
  name: "softmax",
  doc: "eˣ over the sum of eˣ along the last axis.",
  example: "h = x |> dense(8, softmax)",
  link: "softmax",
  parameters: {},
  range: (_, { low, high }, last) => {
    // Bounds of a share: its number is at one bound and all others are at the other.
    const far = Math.exp(high - low);
    const share = (odds: number) => 1 / (1 + (last - 1) * odds);
    return last === 1 ? { low: 1, high: 1 } : { low: share(far), high: share(1 / far), shares: true };
  },
  lower: (b, x) => ops.softmax(b, x, -1),
});
