import { ops } from "../../tensor/index.js";
import { option } from "../kinds/parameters.js";
import { defineRegularizer } from "../kinds/regularizer.js";
import { nonNegative } from "../kinds/values.js";

export const l2 = defineRegularizer({
  name: "l2",
  doc: "`l` · Σw² (Keras has no ½ here). It acts on the gradients and is no part of the losses that are reported; Keras adds it to `loss`.",
  example: "h = x |> dense(8, kernel_regularizer: l2(0.001))",
  parameters: { l: option(nonNegative, "The factor.", 0.01) },
  lower: (b, weight, options) => ops.mul(b, ops.sumAll(b, ops.square(b, weight)), options.l),
});
