import { defineActivation } from "../kinds/activation.js";
import { ops } from "../../tensor/index.js";

export const silu = defineActivation({
  name: "silu",
  elsewhere: ["swish"],
  doc: "x · sigmoid(x), also called swish.",
  example: "h = x |> dense(8, silu)",
  parameters: {},
  range: () => ({ low: -0.278465, high: Infinity }),
  lower: (b, x) => ops.mul(b, x, ops.sigmoid(b, x)),
});
