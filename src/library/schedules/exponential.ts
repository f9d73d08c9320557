import { ops } from "../../tensor/index.js";
import type { ScheduleEntry } from "../entry.js";
import { count, flag, nonNegative, option, positive } from "../schemas.js";

export const exponential: ScheduleEntry = {
  kind: "schedule",
  name: "exponential",
  doc: "`start` · `factor`^(step / `every`) (Keras: ExponentialDecay).",
  example: "optimizer: adam(lr: exponential(start: 0.01, factor: 0.96, every: 1000))",
  parameters: [
    option("start", nonNegative, "The first rate."),
    option("factor", positive, "What `every` steps multiply by."),
    option("every", count, "Steps for one factor."),
    option("staircase", flag, "Whether the exponent is rounded down.", false),
  ],
  lower: ({ b, options, step }) => {
    const exact = ops.div(b, step, options.number("every"));
    const exponent = options.boolean("staircase") ? ops.floor(b, exact) : exact;
    return ops.mul(b, ops.pow(b, ops.scalar(b, options.number("factor")), exponent), options.number("start"));
  },
};
