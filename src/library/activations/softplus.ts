import { ops } from "../../tensor/index.js";
import type { ActivationEntry } from "../entry.js";

export const softplus: ActivationEntry = {
  kind: "activation",
  name: "softplus",
  doc: "log(1 + eˣ).",
  example: "h = x |> dense(8, softplus)",
  parameters: [],
  range: () => ({ low: 0, high: Infinity }),
  lower: (b, x) => ops.softplus(b, x),
};
