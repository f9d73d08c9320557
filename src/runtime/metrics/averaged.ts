import type { OptionParameter } from "../parameter.js";
import { isBinary, predictedClass } from "./classes.js";
import { eachRow, none, noRows, result, type Metric, type MetricInput, type MetricResult } from "./metric.js";

/** Weighted counts of one class. */
export interface ClassCounts {
  /** Rows of the class that are predicted to be. */
  right: number;
  predicted: number;
  actual: number;
}

const average: OptionParameter = {
  name: "average",
  doc: "`binary`: class 1 only. `macro`: the mean over the classes that occur. `weighted`: the same, by their frequency. `micro`: over all rows at once. Left out, it is `binary` for a binary label and `macro` for a category.",
  schema: { enum: ["binary", "macro", "micro", "weighted"] },
  required: false,
};

/** A metric that is a ratio per class and an average over the classes. A ratio without any row is 0. */
export function averaged(name: string, doc: string, ratio: (counts: ClassCounts) => number): Metric {
  return {
    name,
    doc,
    parameters: [average],
    labels: ["binary", "category"],
    better: "higher",
    compute: (input, options) => {
      const by = options["average"] ?? (isBinary(input) ? "binary" : "macro");
      return compute(input, String(by), ratio);
    },
  };
}

function compute(input: MetricInput, by: string, ratio: (counts: ClassCounts) => number): MetricResult {
  const classes = isBinary(input) ? 2 : input.classes;
  const counts: ClassCounts[] = Array.from({ length: classes }, () => ({
    right: 0,
    predicted: 0,
    actual: 0,
  }));
  const all: ClassCounts = { right: 0, predicted: 0, actual: 0 };
  eachRow(input, (row, weight) => {
    const predicted = predictedClass(input, row);
    const actual = input.labels[row]!;
    const hit = predicted === actual ? weight : 0;
    for (const c of [counts[actual]!, all]) {
      c.actual += weight;
      c.right += hit;
    }
    counts[predicted]!.predicted += weight;
    all.predicted += weight;
  });
  if (all.actual === 0) return noRows;
  if (by === "micro") return result(ratio(all));
  if (by === "binary") {
    return classes === 2 ? result(ratio(counts[1]!)) : none("`average: binary` needs a label of two classes");
  }
  // As in scikit-learn, a class that neither occurs nor is predicted does not count.
  const seen = counts.filter((c) => c.actual > 0 || c.predicted > 0);
  const weightOf = (c: ClassCounts): number => (by === "weighted" ? c.actual : 1);
  const total = seen.reduce((sum, c) => sum + weightOf(c), 0);
  return result(seen.reduce((sum, c) => sum + weightOf(c) * ratio(c), 0) / total);
}

/** part / whole, and 0 where the whole is 0. */
export function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
