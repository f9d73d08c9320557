import { defineActivation } from "../kinds/activation.js";
import { ops } from "../../tensor/index.js";
import { rising } from "../ranges.js";

export const sigmoid = defineActivation({
  name: "sigmoid",
  doc: "1 / (1 + e⁻ˣ).",
  example: "h = x |> dense(8, sigmoid)",
  link: "sigmoid",
  parameters: {},
  range: rising((x) => 1 / (1 + Math.exp(-x))),
  lower: (b, x) => ops.sigmoid(b, x),
});
