import type { ActivationEntry } from "../entry.js";

export const linear: ActivationEntry = {
  kind: "activation",
  name: "linear",
  doc: "The number itself.",
  example: "h = x |> dense(8, linear)",
  parameters: [],
  range: (_, input) => input,
  lower: (_, x) => x,
};
