import type { Transform } from "./transform.js";

/** Columns that say what was missing. */
export const missingIndicator: Transform = {
  name: "missing_indicator",
  doc: "Appends, for each column, one that is 1 where its value is missing and 0 elsewhere. It stands before `impute`; later stages leave the appended columns alone, and they come last.",
  parameters: [],
  columns: "appends",
  gaps: "marks",
  quantities: [],
  fit: () => ({}),
  apply: (columns) => [...columns, ...columns.map((column) => column.map((x) => (Number.isNaN(x) ? 1 : 0)))],
  inverse: {
    kind: "identity",
    note: "The appended columns are dropped; the values themselves were never changed.",
  },
};
