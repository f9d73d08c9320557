import { isBinary } from "./classes.js";
import { eachRow, noRows, result, type Metric, type MetricInput } from "./metric.js";

/** The mean of the negative logarithms of the labels' probabilities. */
export const logLoss: Metric = {
  name: "log_loss",
  doc: "The mean negative logarithm of the probability that was given to the label. From the logits where the output is linear or ends with the link; probabilities by themselves are kept 2.2e-16 away from 0 and 1.",
  parameters: [],
  labels: ["binary", "category"],
  better: "lower",
  compute: (input) => {
    let sum = 0;
    let total = 0;
    eachRow(input, (row, weight) => {
      sum += weight * surprise(input, row);
      total += weight;
    });
    return total === 0 ? noRows : result(sum / total);
  },
};

/** The negative logarithm of the label's probability. */
function surprise(input: MetricInput, row: number): number {
  if (input.logits) return fromLogits(input, row);
  return -Math.log(Math.min(Math.max(probability(input, row), Number.EPSILON), 1 - Number.EPSILON));
}

function probability(input: MetricInput, row: number): number {
  const label = input.labels[row]!;
  if (!isBinary(input)) return input.predictions[row * input.classes + label]!;
  return label === 1 ? input.predictions[row]! : 1 - input.predictions[row]!;
}

function fromLogits(input: MetricInput, row: number): number {
  const label = input.labels[row]!;
  if (isBinary(input)) {
    const z = input.predictions[row]!;
    return softplus(label === 1 ? -z : z);
  }
  const start = row * input.classes;
  let top = -Infinity;
  for (let c = 0; c < input.classes; c++) top = Math.max(top, input.predictions[start + c]!);
  let sum = 0;
  for (let c = 0; c < input.classes; c++) sum += Math.exp(input.predictions[start + c]! - top);
  return Math.log(sum) - (input.predictions[start + label]! - top);
}

/** log(1 + eˣ), without overflow. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
