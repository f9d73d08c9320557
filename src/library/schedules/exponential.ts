import { ops } from "../../tensor/index.js";
import { option } from "../kinds/parameters.js";
import { defineSchedule } from "../kinds/schedule.js";
import { count, flag, nonNegative, positive } from "../kinds/values.js";

export const exponential = defineSchedule({
  name: "exponential",
  doc: "`start` · `factor`^(step / `every`) (Keras: ExponentialDecay).",
  example: "optimizer: adam(lr: exponential(start: 0.01, factor: 0.96, every: 1000))",
  parameters: {
    start: option(nonNegative, "The first rate."),
    factor: option(positive, "What `every` steps multiply by."),
    every: option(count, "Steps for one factor."),
    staircase: option(flag, "Whether the exponent is rounded down.", false),
  },
  lower: ({ b, options, step }) => {
    const exact = ops.div(b, step, options.every);
    const exponent = options.staircase ? ops.floor(b, exact) : exact;
    return ops.mul(b, ops.pow(b, ops.scalar(b, options.factor), exponent), options.start);
  },
});
