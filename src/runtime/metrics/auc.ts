import { eachRow, none, noRows, result, type Metric } from "./metric.js";

/** The area under the ROC curve. */
export const auc: Metric = {
  name: "auc",
  doc: "The area under the ROC curve: the chance that a row of class 1 gets a higher probability than one of class 0. Exact, with ties counted half.",
  parameters: [],
  labels: ["binary"],
  better: "higher",
  compute: (input) => {
    const rows: { score: number; label: number; weight: number }[] = [];
    eachRow(input, input.labels.length, (row, weight) => {
      rows.push({ score: input.predictions[row]!, label: input.labels[row]!, weight });
    });
    if (rows.length === 0) return noRows;
    if (rows.some((r) => Number.isNaN(r.score))) return result(NaN);
    rows.sort((a, b) => a.score - b.score);
    let negatives = 0;
    let positives = 0;
    let area = 0;
    for (let i = 0; i < rows.length;) {
      let tiedNegatives = 0;
      let tiedPositives = 0;
      const { score } = rows[i]!;
      for (; i < rows.length && rows[i]!.score === score; i++) {
        if (rows[i]!.label === 1) tiedPositives += rows[i]!.weight;
        else tiedNegatives += rows[i]!.weight;
      }
      area += tiedPositives * (negatives + tiedNegatives / 2);
      negatives += tiedNegatives;
      positives += tiedPositives;
    }
    if (positives === 0 || negatives === 0) return none("only one class is present");
    return result(area / (positives * negatives));
  },
};
