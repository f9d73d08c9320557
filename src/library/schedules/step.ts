import { ops } from "../../tensor/index.js";
import type { ScheduleEntry } from "../entry.js";
import { count, nonNegative, option } from "../schemas.js";

export const step: ScheduleEntry = {
  kind: "schedule",
  name: "step",
  doc: "`start`, multiplied by `factor` after every `every` epochs of the training, behind a `warmup` too.",
  example: "optimizer: sgd(lr: step(start: 0.1, every: 30))",
  parameters: [
    option("start", nonNegative, "The first rate."),
    option("every", count, "Epochs between two changes."),
    option("factor", nonNegative, "What each change multiplies by.", 0.1),
  ],
  lower: ({ b, options, epoch }) => {
    const changes = ops.floor(b, ops.div(b, epoch, options.number("every")));
    return ops.mul(b, ops.pow(b, ops.scalar(b, options.number("factor")), changes), options.number("start"));
  },
};
