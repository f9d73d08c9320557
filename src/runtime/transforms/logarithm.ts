import { each } from "./affine.js";
import { DataError } from "./data-error.js";
import type { Column, Transform } from "./transform.js";

interface LogarithmDefinition {
  readonly name: string;
  readonly doc: string;
  /** Values have to be greater than this. */
  readonly bound: number;
  readonly forward: (x: number) => number;
  readonly backward: (x: number) => number;
}

/** A logarithm with its domain and its inverse. */
export function logarithm({ name, doc, bound, forward, backward }: LogarithmDefinition): Transform {
  const apply = (columns: readonly Column[]): Column[] => {
    columns.forEach((column, i) => {
      const row = column.findIndex((x) => x <= bound);
      if (row === -1) return;
      const value = column[row]!;
      throw new DataError(`${name} needs values greater than ${bound}`, {
        transform: name,
        column: i,
        row,
        value,
      });
    });
    return each(columns, forward);
  };
  return {
    name,
    doc,
    parameters: [],
    columns: "keeps",
    quantities: [],
    fit: () => ({}),
    apply,
    inverse: {
      kind: "median",
      note: "A model that is trained on logarithms with a squared error predicts their mean; back in original units that is a median.",
      columns: (columns) => each(columns, backward),
    },
  };
}
