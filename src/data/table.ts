import { Hints } from "../diagnostics/index.js";
import type { Span } from "../source/index.js";

/** Cells that stand for a missing value in every file. */
const alwaysMissing = ["", "NA", "NaN", "null"];

/** The cells that stand for a missing value, those that a spec adds among them. */
export function missingCells(added: readonly string[]): ReadonlySet<string> {
  return new Set([...alwaysMissing, ...added]);
}

/** What a data file holds, as texts. */
export interface Table {
  /** The path as messages show it. */
  readonly path: string;
  /** The names in the header, or `$1`, `$2`, … without one. */
  readonly columns: readonly string[];
  readonly rows: number;
  /** The text of a cell, without the blanks around it; empty where a JSON object lacks the key. */
  readonly cell: (row: number, column: number) => string;
  readonly isMissing: (row: number, column: number) => boolean;
  /** The index of a column, if there is one of that name. */
  readonly columnIndex: (name: string) => number | undefined;
  /** Where a row stands in the file, for messages: `line 7`. */
  readonly placeOf: (row: number) => string;
  /** A cell in the file; undefined where it cannot be shown. */
  readonly spanOf: (row: number, column: number) => Span | undefined;
  /** Where to report a missing column: set for a file that replaces the one that the spec names. */
  readonly header: () => Span | undefined;
  /** Those about its columns and cells. */
  readonly hints: Hints;
}

/** A table with the name of its source; `null` where the data file has none. */
export interface SourceTable {
  readonly source: string | null;
  readonly table: Table;
}

/** The numbers of all rows. */
export function everyRow({ rows }: { readonly rows: number }): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => row);
}

/** Makes a table of rows of cells. */
export function makeTable(content: {
  readonly path: string;
  readonly columns: readonly string[];
  readonly cells: readonly (readonly string[])[];
  /** The columns that rows have cells of, in the order of these. */
  readonly kept: readonly number[];
  readonly missing: readonly string[];
  readonly placeOf: Table["placeOf"];
  readonly spanOf: Table["spanOf"];
  readonly header: Table["header"];
}): Table {
  const { path, columns, cells, kept, placeOf, spanOf, header } = content;
  const slots = new Map(kept.map((column, slot) => [column, slot]));
  const missing = missingCells(content.missing);
  const indices = new Map(columns.map((name, i) => [name, i]));
  const cell = (row: number, column: number): string => cells[row]?.[slots.get(column) ?? -1] ?? "";
  return {
    path,
    columns,
    rows: cells.length,
    cell,
    isMissing: (row, column) => missing.has(cell(row, column)),
    columnIndex: (name) => indices.get(name),
    placeOf,
    spanOf,
    header,
    hints: new Hints(),
  };
}
