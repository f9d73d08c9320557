import type { OptionParameter, OptionValues } from "../parameter.js";

/** What a metric looks at: one column of a whole part of the data, never a batch. */
export interface MetricInput {
  /** A score per row for `binary`, `classes` scores per row for `category` (row-major), a value in original units for `float`. */
  readonly predictions: ArrayLike<number>;
  /** Whether the scores are logits; else they are probabilities. */
  readonly logits?: boolean;
  /** 0 or 1, the index of a class, or a value. */
  readonly labels: ArrayLike<number>;
  /** 2 for `binary`; without meaning for `float`. */
  readonly classes: number;
  /** One per row; 1 where left out. */
  readonly weights?: ArrayLike<number>;
  /** One per row; 0 where the label is missing. Every row counts where left out. */
  readonly present?: ArrayLike<number>;
}

/** A number, or the reason why there is none. */
export type MetricResult =
  { readonly value: number; readonly reason?: undefined } | { readonly value: null; readonly reason: string };

/** A figure that tells how good predictions are. */
export interface Metric {
  readonly name: string;
  readonly doc: string;
  readonly parameters: readonly OptionParameter[];
  /** The kinds of label that it fits. */
  readonly labels: readonly ("binary" | "category" | "float")[];
  /** Whether more is better, for early stopping and tables. */
  readonly better: "higher" | "lower";
  readonly compute: (input: MetricInput, options: OptionValues) => MetricResult;
}

export function result(value: number): MetricResult {
  return Number.isNaN(value) ? none("the predictions or labels are not all numbers") : { value };
}

export function none(reason: string): MetricResult {
  return { value: null, reason };
}

/** The result where no row has a label. */
export const noRows = none("no row has a label");

/** Visits the rows that count, with their weights. */
export function eachRow(input: MetricInput, visit: (row: number, weight: number) => void): void {
  for (let row = 0; row < input.labels.length; row++) {
    if (input.present !== undefined && !input.present[row]) continue;
    const weight = input.weights?.[row] ?? 1;
    if (weight > 0) visit(row, weight);
  }
}

/** Visits the values of a `float` label that count. */
export function eachValue(
  input: MetricInput,
  visit: (label: number, prediction: number, weight: number) => void,
): void {
  eachRow(input, (row, weight) => visit(input.labels[row]!, input.predictions[row]!, weight));
}
