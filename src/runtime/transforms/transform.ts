import type { OptionParameter, OptionValues } from "../parameter.js";

/** The values of one column; NaN is a missing one. */
export type Column = Float64Array;

/** What was fitted: for each quantity a number per column. Plain JSON, so a checkpoint can hold it. */
export type TransformState = Readonly<Record<string, readonly number[]>>;

/** How a transform can be undone. */
export type Inverse =
  | {
      readonly kind: "exact";
      readonly columns: (
        columns: readonly Column[],
        state: TransformState,
        options: OptionValues,
      ) => Column[];
    }
  | {
      /** Undone, but what comes back is another statistic: the exponential of a mean of logarithms is a median. */
      readonly kind: "median";
      readonly note: string;
      readonly columns: (
        columns: readonly Column[],
        state: TransformState,
        options: OptionValues,
      ) => Column[];
    }
  | {
      /** Values are passed on as they are. */
      readonly kind: "identity";
      readonly note: string;
    };

/** Values that a column is sure to reach, at least roughly, at both ends. */
export interface Reach {
  readonly low: number;
  readonly high: number;
}

/** A transform of columns. It is fitted on the training part only, and applied to everything. */
export interface Transform {
  readonly name: string;
  readonly doc: string;
  readonly parameters: readonly OptionParameter[];
  /** `appends`: indicator columns are added; all others leave the number of columns as it is. */
  readonly columns: "keeps" | "appends";
  /** The names of what `fit` finds, each a number a column. */
  readonly quantities: readonly string[];
  readonly fit: (columns: readonly Column[], options: OptionValues) => TransformState;
  /** Gives new columns and leaves the given ones as they are. */
  readonly apply: (columns: readonly Column[], state: TransformState, options: OptionValues) => Column[];
  /** What it does about missing values: puts others in their place, or says where they are. */
  readonly gaps?: "fills" | "marks";
  /** Why these options do not go together: schemas look at each alone. */
  readonly problem?: (options: OptionValues) => string | undefined;
  readonly inverse: Inverse;
  /** A column's reach after the transform, from that before it; left out where it cannot be told. */
  readonly reach?: (before: Reach | undefined, options: OptionValues) => Reach | undefined;
}

/** The values that are there. */
export function presentValues(column: Column): Float64Array {
  return column.filter((x) => !Number.isNaN(x));
}

/** A fitted quantity of one column. */
export function fitted(state: TransformState, quantity: string, column: number): number {
  const value = state[quantity]?.[column];
  if (value === undefined) throw new RangeError(`the transform was not fitted on ${column + 1} columns`);
  return value;
}
