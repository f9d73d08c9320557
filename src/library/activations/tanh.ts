import { defineActivation } from "../kinds/activation.js";
import { ops } from "../../tensor/index.js";
import { rising } from "../ranges.js";

export const tanh = defineActivation({
  name: "tanh",
  doc: "The hyperbolic tangent.",
  example: "h = x |> dense(8, tanh)",
  parameters: {},
  range: rising(Math.tanh),
  lower: (b, x) => ops.tanh(b, x),
});
