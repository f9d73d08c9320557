import type { MetricInput } from "./metric.js";

/** Above this a binary prediction says yes. */
const threshold = 0.5;

/** Whether rows have one probability (`binary`) and not one per class. */
export function isBinary(input: MetricInput): boolean {
  return input.predictions.length === input.labels.length;
}

/** The class that a row's prediction says; of equal probabilities the first. */
export function predictedClass(input: MetricInput, row: number): number {
  if (isBinary(input)) return input.predictions[row]! > threshold ? 1 : 0;
  const start = row * input.classes;
  let best = 0;
  for (let c = 1; c < input.classes; c++) {
    if (input.predictions[start + c]! > input.predictions[start + best]!) best = c;
  }
  return best;
}
