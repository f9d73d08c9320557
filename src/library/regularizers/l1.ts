import { ops } from "../../tensor/index.js";
import { option } from "../kinds/parameters.js";
import { defineRegularizer } from "../kinds/regularizer.js";
import { nonNegative } from "../kinds/values.js";

export const l1 = defineRegularizer({
  name: "l1",
  doc: "`l` · Σ|w|. It acts on the gradients and is no part of the losses that are reported; Keras adds it to `loss`.",
  example: "h = x |> dense(8, kernel_regularizer: l1(0.001))",
  parameters: { l: option(nonNegative, "The factor.", 0.01) },
  lower: (b, weight, options) => ops.mul(b, ops.sumAll(b, ops.abs(b, weight)), options.l),
});
