import { ops } from "../../tensor/index.js";
import { defineLayer } from "../kinds/layer.js";
import { option, x } from "../kinds/parameters.js";
import { rate } from "../kinds/values.js";
import { passes } from "../ranges.js";
import { floatInput } from "./shapes.js";

export const dropout = defineLayer({
  name: "dropout",
  doc: "In training sets each number to 0 with probability `rate` and scales the rest by 1 / (1 - rate); elsewhere it does nothing (Srivastava et al. 2014, in the inverted form). What is dropped hangs on the seed, the step and the place in the batch; where threads split a batch each draws for its own rows, so that two threads drop other numbers than one, and two always the same.",
  example: "h = x |> dense(64, relu) |> dropout(0.2)",
  copies: true,
  parameters: { x, rate: option(rate, "The share of the numbers that is dropped.") },
  random: true,
  range: (context) => {
    // What stays is scaled in training; what is dropped is 0.
    const { low, high, linear } = passes(context);
    const scale = 1 / (1 - context.options.rate);
    return { low: Math.min(0, low * scale), high: Math.max(0, high * scale), linear };
  },
  shape: ({ inputs: { x: input } }) => floatInput(input, "dropout") ?? input,
  lower: ({ b, options, values: { x: value }, training, uniform }) => {
    const share = options.rate;
    if (!training || share === 0) return value;
    const keep = ops.le(b, ops.scalar(b, share), uniform(b.typeOf(value).shape));
    return ops.mul(b, value, ops.div(b, ops.cast(b, keep, "float"), 1 - share));
  },
});
