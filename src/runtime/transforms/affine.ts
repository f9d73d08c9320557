import type { OptionParameter } from "../parameter.js";
import { fitted, presentValues, type Column, type Reach, type Transform } from "./transform.js";

interface AffineDefinition {
  readonly name: string;
  readonly doc: string;
  readonly parameters?: readonly OptionParameter[];
  /** The values that a column's smallest and largest are mapped to, roughly. */
  readonly reach: Reach;
  /** Center and scale of the values that are there; never called without any. A scale of 0 becomes 1. */
  readonly measure: (values: Float64Array) => { center: number; scale: number };
}

/** A transform that subtracts a center and divides by a scale, both fitted. A column without values stays as it is. */
export function affine({ name, doc, parameters = [], reach, measure }: AffineDefinition): Transform {
  return {
    name,
    doc,
    parameters,
    columns: "keeps",
    reach: () => reach,
    quantities: ["center", "scale"],
    fit: (columns) => {
      const measured = columns.map((column) => {
        const values = presentValues(column);
        return values.length === 0 ? { center: 0, scale: 1 } : measure(values);
      });
      return {
        center: measured.map((m) => m.center),
        scale: measured.map((m) => (m.scale === 0 ? 1 : m.scale)),
      };
    },
    apply: (columns, state) =>
      each(columns, (x, i) => (x - fitted(state, "center", i)) / fitted(state, "scale", i)),
    inverse: {
      kind: "exact",
      columns: (columns, state) =>
        each(columns, (x, i) => x * fitted(state, "scale", i) + fitted(state, "center", i)),
    },
  };
}

/** Columns with each value changed by a function. */
export function each(
  columns: readonly Column[],
  change: (value: number, column: number) => number,
): Column[] {
  return columns.map((column, i) => column.map((x) => change(x, i)));
}
