import type { PlainEntry } from "../entry.js";
import { count, nonNegative, option } from "../schemas.js";

export const early: PlainEntry = {
  kind: "stopper",
  name: "early",
  doc: "Stops when what is monitored has not got better for `patience` epochs, and goes back to the best weights.",
  example: "stop: early(monitor: validation.loss, patience: 20)",
  parameters: [
    {
      kind: "path",
      name: "monitor",
      doc: "`validation.loss`, `validation.TASK.loss` or `validation.TASK.METRIC`.",
      default: "validation.loss",
    },
    option("patience", count, "Epochs without getting better.", 10),
    option("min_delta", nonNegative, "The least change that counts as better.", 0),
  ],
};
