import { defineActivation } from "../kinds/activation.js";
import { ops } from "../../tensor/index.js";

export const softplus = defineActivation({
  name: "softplus",
  doc: "log(1 + eˣ).",
  example: "h = x |> dense(8, softplus)",
  parameters: {},
  range: () => ({ low: 0, high: Infinity }),
  lower: (b, x) => ops.softplus(b, x),
});
