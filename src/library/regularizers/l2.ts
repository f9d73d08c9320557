import { ops } from "../../tensor/index.js";
import type { RegularizerEntry } from "../entry.js";
import { nonNegative, option } from "../schemas.js";

export const l2: RegularizerEntry = {
  kind: "regularizer",
  name: "l2",
  doc: "`l` · Σw² (Keras has no ½ here). It acts on the gradients and is no part of the losses that are reported; Keras adds it to `loss`.",
  example: "h = x |> dense(8, kernel_regularizer: l2(0.001))",
  parameters: [option("l", nonNegative, "The factor.", 0.01)],
  lower: (b, weight, options) => ops.mul(b, ops.sumAll(b, ops.square(b, weight)), options.number("l")),
};
