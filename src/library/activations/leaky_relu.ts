import { ops } from "../../tensor/index.js";
import type { ActivationEntry } from "../entry.js";
import { nonNegative, option } from "../schemas.js";

export const leakyRelu: ActivationEntry = {
  kind: "activation",
  name: "leaky_relu",
  doc: "x where it is at least 0, else `negative_slope` · x.",
  example: "h = x |> dense(8, leaky_relu)",
  parameters: [option("negative_slope", nonNegative, "The slope below 0.", 0.2)],
  range: (options) => ({ low: options.number("negative_slope") === 0 ? 0 : -Infinity, high: Infinity }),
  lower: (b, x, options) =>
    ops.select(b, ops.lt(b, x, 0), ops.mul(b, x, options.number("negative_slope")), x),
};
