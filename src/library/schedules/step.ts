import { ops } from "../../tensor/index.js";
import { option } from "../kinds/parameters.js";
import { defineSchedule } from "../kinds/schedule.js";
import { count, nonNegative } from "../kinds/values.js";

export const step = defineSchedule({
  name: "step",
  doc: "`start`, multiplied by `factor` after every `every` epochs of the training, behind a `warmup` too.",
  example: "optimizer: sgd(lr: step(start: 0.1, every: 30))",
  parameters: {
    start: option(nonNegative, "The first rate."),
    every: option(count, "Epochs between two changes."),
    factor: option(nonNegative, "What each change multiplies by.", 0.1),
  },
  lower: ({ b, options, epoch }) => {
    const changes = ops.floor(b, ops.div(b, epoch, options.every));
    return ops.mul(b, ops.pow(b, ops.scalar(b, options.factor), changes), options.start);
  },
});
