import { eachValue, noRows, result, type Metric } from "./metric.js";

/** The root of the mean squared error. */
export const rmse: Metric = {
  name: "rmse",
  doc: "The root of the mean squared error, in the label's units.",
  parameters: [],
  labels: ["float"],
  better: "lower",
  compute: (input) => {
    let sum = 0;
    let total = 0;
    eachValue(input, (label, prediction, weight) => {
      sum += weight * (prediction - label) ** 2;
      total += weight;
    });
    return total === 0 ? noRows : result(Math.sqrt(sum / total));
  },
};
