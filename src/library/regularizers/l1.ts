import { ops } from "../../tensor/index.js";
import type { RegularizerEntry } from "../entry.js";
import { nonNegative, option } from "../schemas.js";

export const l1: RegularizerEntry = {
  kind: "regularizer",
  name: "l1",
  doc: "`l` · Σ|w|. It acts on the gradients and is no part of the losses that are reported; Keras adds it to `loss`.",
  example: "h = x |> dense(8, kernel_regularizer: l1(0.001))",
  parameters: [option("l", nonNegative, "The factor.", 0.01)],
  lower: (b, weight, options) => ops.mul(b, ops.sumAll(b, ops.abs(b, weight)), options.number("l")),
};
