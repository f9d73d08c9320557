import { ops } from "../../tensor/index.js";
import type { RegularizerEntry } from "../entry.js";
import { nonNegative, option } from "../schemas.js";

export const l1L2: RegularizerEntry = {
  kind: "regularizer",
  name: "l1_l2",
  doc: "`l1` · Σ|w| + `l2` · Σw². It acts on the gradients and is no part of the losses that are reported; Keras adds it to `loss`.",
  example: "h = x |> dense(8, kernel_regularizer: l1_l2(0.001))",
  parameters: [
    option("l1", nonNegative, "The factor of Σ|w|.", 0.01),
    option("l2", nonNegative, "The factor of Σw².", 0.01),
  ],
  lower: (b, weight, options) =>
    ops.add(
      b,
      ops.mul(b, ops.sumAll(b, ops.abs(b, weight)), options.number("l1")),
      ops.mul(b, ops.sumAll(b, ops.square(b, weight)), options.number("l2")),
    ),
};
