import { ops } from "../../tensor/index.js";
import { option } from "../kinds/parameters.js";
import { defineRegularizer } from "../kinds/regularizer.js";
import { nonNegative } from "../kinds/values.js";

export const l1L2 = defineRegularizer({
  name: "l1_l2",
  doc: "`l1` · Σ|w| + `l2` · Σw². It acts on the gradients and is no part of the losses that are reported; Keras adds it to `loss`.",
  example: "h = x |> dense(8, kernel_regularizer: l1_l2(0.001))",
  parameters: {
    l1: option(nonNegative, "The factor of Σ|w|.", 0.01),
    l2: option(nonNegative, "The factor of Σw².", 0.01),
  },
  lower: (b, weight, options) =>
    ops.add(
      b,
      ops.mul(b, ops.sumAll(b, ops.abs(b, weight)), options.l1),
      ops.mul(b, ops.sumAll(b, ops.square(b, weight)), options.l2),
    ),
});
