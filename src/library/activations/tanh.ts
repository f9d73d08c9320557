import { ops } from "../../tensor/index.js";
import type { ActivationEntry } from "../entry.js";

export const tanh: ActivationEntry = {
  kind: "activation",
  name: "tanh",
  doc: "The hyperbolic tangent.",
  example: "h = x |> dense(8, tanh)",
  parameters: [],
  range: () => ({ low: -1, high: 1 }),
  lower: (b, x) => ops.tanh(b, x),
};
