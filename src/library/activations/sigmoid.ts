import { ops } from "../../tensor/index.js";
import type { ActivationEntry } from "../entry.js";

export const sigmoid: ActivationEntry = {
  kind: "activation",
  name: "sigmoid",
  doc: "1 / (1 + e⁻ˣ).",
  example: "h = x |> dense(8, sigmoid)",
  parameters: [],
  range: () => ({ low: 0, high: 1 }),
  lower: (b, x) => ops.sigmoid(b, x),
};
