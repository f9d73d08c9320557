import type { MetricValue } from "./measures.js";

/** The types that a generated module gives its model. */
export interface ModelTypes {
  inputs: object;
  labels: object;
  row: object;
  labelledRow: object;
  predictions: object;
  rowPredictions: object;
  losses: object;
  metrics: object;
  /** Names of the data files, where there are several. */
  sources: string;
}

/** The types of a model that is only known at run time. */
export interface OpenTypes extends ModelTypes {
  inputs: Readonly<Record<string, unknown>>;
  labels: Readonly<Record<string, unknown>>;
  row: Readonly<Record<string, unknown>>;
  labelledRow: Readonly<Record<string, unknown>>;
  predictions: Readonly<Record<string, Prediction>>;
  rowPredictions: Readonly<Record<string, RowPrediction>>;
  losses: Readonly<Record<string, number | null>>;
  metrics: Readonly<Record<string, Readonly<Record<string, MetricValue>>>>;
  sources: string;
}

/** What is predicted for a task with numbers as labels: values in original units, row by row. */
export interface ValuePrediction {
  /** [rows, …the label's dimensions]. */
  readonly shape: readonly number[];
  /** In float64, so that transforms are undone without rounding. */
  readonly values: Float64Array;
}

/** What is predicted for a task with classes. */
export interface ClassPrediction<Name extends string | number = string | number> {
  /** The likeliest class of each row, by name where the spec has names. */
  readonly classes: Name[];
  /** [rows, classes]; [rows] for a binary task, where it is the probability of class 1. */
  readonly shape: readonly number[];
  readonly probabilities: Float32Array;
  /** The logits of the probabilities, where the spec's output is linear. */
  readonly logits?: Float32Array;
}

export type Prediction = ValuePrediction | ClassPrediction;

/** The likeliest class of one row, and the probabilities of all. */
export interface ClassRow<Name extends string | number = string | number> {
  readonly class: Name;
  readonly probability: number;
  readonly probabilities: Readonly<Record<Name, number>>;
}

/** One row's prediction: a number or a class; several, row-major, for a label with dimensions. */
export type RowPrediction = number | readonly number[] | ClassRow | readonly ClassRow[];

type Nested<T, Depth extends number> = Depth extends 0
  ? readonly T[]
  : Depth extends 1
    ? readonly (readonly T[])[]
    : Depth extends 2
      ? readonly (readonly (readonly T[])[])[]
      : Depth extends 3
        ? readonly (readonly (readonly (readonly T[])[])[])[]
        : readonly unknown[];

/** Rows of numbers: flat and row-major, or nested as deep as a row has dimensions. */
export type NumberRows<Depth extends number = number, T = number> =
  Float32Array | Float64Array | Nested<T, Depth>;

/** Rows of which some may be missing: inputs that a row's source lacks, or labels that are not known. */
export type SomeRows<Rows> = Rows | readonly (RowOf<Rows> | null)[];

type RowOf<Rows> = Rows extends readonly (infer Row)[] ? Row : never;

/** Rows of classes, by name or index. */
export type ClassRows<Depth extends number = number, T = number> = Int32Array | Uint8Array | Nested<T, Depth>;
