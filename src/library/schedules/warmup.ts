import { ops } from "../../tensor/index.js";
import { numberOrComponent, option } from "../kinds/parameters.js";
import { defineSchedule } from "../kinds/schedule.js";
import { count, nonNegative } from "../kinds/values.js";

export const warmup = defineSchedule({
  name: "warmup",
  doc: "Rises linearly over `steps` steps to where `to` begins, then follows `to`, whose steps count from there; the epochs of a `step` are the training's own all the same. The first step has 1 / `steps` of the rate, where a warmup of Keras begins at 0.",
  example: "optimizer: adam(lr: warmup(100, to: exponential(start: 0.01, factor: 0.9, every: 100)))",
  parameters: {
    steps: option(count, "Steps of the rise."),
    to: numberOrComponent("schedule", nonNegative, "A rate or a schedule."),
  },
  lower: ({ b, options, step, totalSteps, evaluate }) => {
    const steps = options.steps;
    const after = ops.max(b, ops.sub(b, step, steps), ops.scalar(b, 0));
    const remaining = ops.max(b, ops.sub(b, totalSteps, steps), ops.scalar(b, 1));
    const target = evaluate(options.to, after, remaining);
    const share = ops.min(b, ops.div(b, ops.add(b, step, 1), steps), ops.scalar(b, 1));
    return ops.mul(b, target, share);
  },
});
