import { eachValue, noRows, result, type Metric } from "./metric.js";

/** The mean absolute error. */
export const mae: Metric = {
  name: "mae",
  doc: "The mean absolute error, in the label's units.",
  parameters: [],
  labels: ["float"],
  better: "lower",
  compute: (input) => {
    let sum = 0;
    let total = 0;
    eachValue(input, (label, prediction, weight) => {
      sum += weight * Math.abs(prediction - label);
      total += weight;
    });
    return total === 0 ? noRows : result(sum / total);
  },
};
