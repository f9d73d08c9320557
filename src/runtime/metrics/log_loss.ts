import { isBinary } from "./classes.js";
import { eachRow, noRows, result, type Metric, type MetricInput } from "./metric.js";

/** The mean of the negative logarithms of the labels' probabilities. */
export const logLoss: Metric = {
  name: "log_loss",
  doc: "The mean negative logarithm of the probability that was given to the label. Probabilities are kept 2.2e-16 away from 0 and 1.",
  parameters: [],
  labels: ["binary", "category"],
  better: "lower",
  compute: (input) => {
    let sum = 0;
    let total = 0;
    eachRow(input, input.labels.length, (row, weight) => {
      sum -=
        weight * Math.log(Math.min(Math.max(probability(input, row), Number.EPSILON), 1 - Number.EPSILON));
      total += weight;
    });
    return total === 0 ? noRows : result(sum / total);
  },
};

function probability(input: MetricInput, row: number): number {
  const label = input.labels[row]!;
  if (!isBinary(input)) return input.predictions[row * input.classes + label]!;
  return label === 1 ? input.predictions[row]! : 1 - input.predictions[row]!;
}
