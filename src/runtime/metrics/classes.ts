import type { MetricInput } from "./metric.js";

/** Whether rows have one score (`binary`) and not one per class. */
export function isBinary(input: MetricInput): boolean {
  return input.predictions.length === input.labels.length;
}

/** The class that a row's prediction says; of equal scores the first. */
export function predictedClass(input: MetricInput, row: number): number {
  // A probability of 0.5 is a logit of 0.
  if (isBinary(input)) return input.predictions[row]! > (input.logits ? 0 : 0.5) ? 1 : 0;
  const start = row * input.classes;
  let best = 0;
  for (let c = 1; c < input.classes; c++) {
    if (input.predictions[start + c]! > input.predictions[start + best]!) best = c;
  }
  return best;
}
