import { ops } from "../../tensor/index.js";
import { defineActivation } from "../kinds/activation.js";
import { option } from "../kinds/parameters.js";
import { nonNegative } from "../kinds/values.js";

export const leakyRelu = defineActivation({
  name: "leaky_relu",
  doc: "x where it is at least 0, else `negative_slope` · x.",
  example: "h = x |> dense(8, leaky_relu)",
  parameters: { negative_slope: option(nonNegative, "The slope below 0.", 0.2) },
  range: (options) => ({ low: options.negative_slope === 0 ? 0 : -Infinity, high: Infinity }),
  lower: (b, x, options) => ops.select(b, ops.lt(b, x, 0), ops.mul(b, x, options.negative_slope), x),
});
