import { predictedClass } from "./classes.js";
import { eachRow, noRows, result, type Metric } from "./metric.js";

/** The share of rows with the right class. */
export const accuracy: Metric = {
  name: "accuracy",
  doc: "The share of rows whose predicted class is the label.",
  parameters: [],
  labels: ["binary", "category"],
  better: "higher",
  compute: (input) => {
    let right = 0;
    let total = 0;
    eachRow(input, (row, weight) => {
      total += weight;
      if (predictedClass(input, row) === input.labels[row]) right += weight;
    });
    return total === 0 ? noRows : result(right / total);
  },
};
