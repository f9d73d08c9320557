import { eachRow, none, noRows, result, type Metric } from "./metric.js";

/** The area under the ROC curve. */
export const auc: Metric = {
  name: "auc",
  doc: "The area under the ROC curve: the chance that a row of class 1 gets a higher probability than one of class 0. Exact, with ties counted half.",
  parameters: [],
  labels: ["binary"],
  better: "higher",
  compute: (input) => {
    const size = input.labels.length;
    // The classes are kept apart, so that scores are sorted as plain numbers; each score's weight has the same index.
    const classes = [new Ranked(size), new Ranked(size)] as const;
    let unknown = false;
    eachRow(input, (row, weight) => {
      const score = input.predictions[row]!;
      if (Number.isNaN(score)) unknown = true;
      classes[input.labels[row] === 1 ? 1 : 0].add(score, weight);
    });
    const [negatives, positives] = classes;
    if (negatives.count + positives.count === 0) return noRows;
    if (unknown) return result(NaN);
    if (negatives.total === 0 || positives.total === 0) return none("only one class is present");
    return result(areaUnder(negatives.sorted(), positives.sorted()) / (positives.total * negatives.total));
  },
};

/** Σ over positives of the weight of the negatives below them, and of half of those that are equal. */
function areaUnder(negatives: Sorted, positives: Sorted): number {
  let area = 0;
  let below = 0;
  let at = 0;
  for (let i = 0; i < positives.scores.length;) {
    const score = positives.scores[i]!;
    for (; at < negatives.scores.length && negatives.scores[at]! < score; at++)
      below += negatives.weights[at]!;
    let equal = 0;
    for (let k = at; k < negatives.scores.length && negatives.scores[k] === score; k++)
      equal += negatives.weights[k]!;
    for (; i < positives.scores.length && positives.scores[i] === score; i++)
      area += positives.weights[i]! * (below + equal / 2);
  }
  return area;
}

interface Sorted {
  readonly scores: Float64Array;
  readonly weights: Float64Array;
}

/** The scores of one class. */
class Ranked {
  count = 0;
  total = 0;
  private readonly scores: Float64Array;
  private readonly weights: Float64Array;
  private uniform = true;

  constructor(most: number) {
    this.scores = new Float64Array(most);
    this.weights = new Float64Array(most);
  }

  add(score: number, weight: number): void {
    if (this.count > 0 && weight !== this.weights[0]) this.uniform = false;
    this.scores[this.count] = score;
    this.weights[this.count++] = weight;
    this.total += weight;
  }

  sorted(): Sorted {
    const scores = this.scores.subarray(0, this.count);
    const weights = this.weights.subarray(0, this.count);
    if (this.uniform) return { scores: scores.slice().sort(), weights };
    const order = Array.from({ length: this.count }, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
    return {
      scores: Float64Array.from(order, (i) => scores[i]!),
      weights: Float64Array.from(order, (i) => weights[i]!),
    };
  }
}
