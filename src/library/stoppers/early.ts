import { option, paths } from "../kinds/parameters.js";
import { defineStopper } from "../kinds/stopper.js";
import { count, either, exactly, listOf, nonNegative, oneOf, positive } from "../kinds/values.js";

export const early = defineStopper({
  name: "early",
  doc: "Stops when what is monitored has not got better for `patience` epochs, and goes back to the best weights. Several measures are made one number by `criterion`: each is taken as a ratio to its value after the first epoch in which it is above 0, so that measures of different scales compare (first / value where higher is better), and what has no value in an epoch takes no part in it.",
  example: "stop: early(monitor: [validation.loss, validation.y.loss], criterion: worst, patience: 20)",
  parameters: {
    monitor: paths(
      "`validation.loss`, `validation.TASK.loss` or `validation.TASK.METRIC`; or a list of them.",
      ["validation.loss"],
    ),
    criterion: option(
      oneOf(["mean", "worst"]),
      "Of several measures: the weighted mean of their ratios, or the largest weighted ratio.",
      "mean",
    ),
    weights: option(
      either(exactly(null), listOf(positive, { minItems: 1 })),
      "One number a measure; 1 each by default.",
      null,
    ),
    patience: option(count, "Epochs without getting better.", 10),
    min_delta: option(
      nonNegative,
      "The least change that counts as better: of the measure, or of the criterion where there are several.",
      0,
    ),
  },
  watches: ({ min_delta, ...options }) => ({ ...options, minDelta: min_delta }),
});
