import { eachValue, none, noRows, result, type Metric } from "./metric.js";

/** The coefficient of determination. */
export const r2: Metric = {
  name: "r2",
  doc: "The share of the label's variance that the predictions explain: 1 is perfect, 0 as good as the mean, and it may be negative.",
  parameters: [],
  labels: ["float"],
  better: "higher",
  compute: (input) => {
    let sum = 0;
    let total = 0;
    let low = Infinity;
    let high = -Infinity;
    eachValue(input, (label, _, weight) => {
      sum += weight * label;
      total += weight;
      low = Math.min(low, label);
      high = Math.max(high, label);
    });
    if (total === 0) return noRows;
    if (low === high) return none("all labels are equal");
    const mean = sum / total;
    let residual = 0;
    let variance = 0;
    eachValue(input, (label, prediction, weight) => {
      residual += weight * (prediction - label) ** 2;
      variance += weight * (label - mean) ** 2;
    });
    return result(1 - residual / variance);
  },
};
