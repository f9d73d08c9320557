import { ops } from "../../tensor/index.js";
import type { ActivationEntry } from "../entry.js";

export const tanh: ActivationEntry = {
  kind: "activation",
  name: "tanh",
  doc: "The hyperbolic tangent.",
  example: "h = x |> dense(8, tanh)",
  parameters: [],
  lower: (b, x) => ops.tanh(b, x),
};
