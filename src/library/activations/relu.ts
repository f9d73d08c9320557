import { ops } from "../../tensor/index.js";
import type { ActivationEntry } from "../entry.js";

export const relu: ActivationEntry = {
  kind: "activation",
  name: "relu",
  doc: "max(x, 0); its gradient at 0 is 0.",
  example: "h = x |> dense(8, relu)",
  parameters: [],
  range: () => ({ low: 0, high: Infinity }),
  lower: (b, x) => ops.relu(b, x),
};
