import { ops } from "../../tensor/index.js";
import { defineLayer } from "../kinds/layer.js";
import { option, x } from "../kinds/parameters.js";
import { nonNegative } from "../kinds/values.js";
import { passes } from "../ranges.js";
import { floatInput } from "./shapes.js";

export const gradientReversal = defineLayer({
  name: "gradient_reversal",
  doc: "The same values; the gradient that flows back is multiplied by -`lambda` (Ganin and Lempitsky 2015, equations 4 and 5). What stands before it learns to make the loss behind it larger, so that its features tell nothing of a domain. The optimizer's step sees the reversed gradient; the loss itself keeps its sign.",
  example: "domain = x |> gradient_reversal |> dense(1, sigmoid)",
  parameters: { x, lambda: option(nonNegative, "How strongly the gradient is reversed; 0 stops it.", 1) },
  range: passes,
  shape: ({ inputs: { x: input } }) => floatInput(input, "gradient_reversal") ?? input,
  // The difference is exactly 0, so values pass unchanged, and its derivative is -1 of every order's gradient.
  lower: ({ b, options, values: { x: value } }) => {
    const still = ops.detach(b, value);
    return ops.add(b, still, ops.mul(b, ops.sub(b, still, value), options.lambda));
  },
});
