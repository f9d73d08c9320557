import { diagnostic, type Diagnostic } from "../diagnostics/index.js";
import { placeOf, type Places } from "../document/places.js";
import type { SplitDocument } from "../document/types.js";
import { findColumn, parseNumber } from "./columns.js";
import { splitRows, type SplitBy, type SplitParts } from "./split.js";
import type { Table } from "./table.js";

/** Deals the table's rows to the parts as the data section says; `seed` replaces the split's own. */
export function splitTable(
  split: SplitDocument,
  places: Places,
  table: Table,
  seed?: number,
): { readonly value: SplitParts | undefined; readonly diagnostics: Diagnostic[] } {
  const span = placeOf(places, "/data/split");
  const column = split.by.options["column"];
  let by: SplitBy = { kind: "random" };
  if (typeof column === "string") {
    const found = findColumn(table, column, span);
    if (found.index === undefined) return { value: undefined, diagnostics: found.diagnostics };
    const kind = split.by.name as "stratify" | "group" | "time" | "column";
    const values = Array.from({ length: table.rows }, (_, row) => table.cell(row, found.index!));
    const gap = kind === "time" ? values.findIndex((_, row) => table.isMissing(row, found.index!)) : -1;
    if (gap >= 0) {
      const parameters = { column, place: table.placeOf(gap), input: "split", count: 1 };
      return { value: undefined, diagnostics: [diagnostic("NN7012", span, parameters)] };
    }
    const numbers = values.map(parseNumber);
    const ordered = kind === "time" && numbers.every((n) => n !== undefined);
    by = { kind, values: ordered ? (numbers as number[]) : values };
  }
  const { train, validation, test } = split;
  return splitRows(table.rows, { train, validation, test, by, seed: seed ?? split.seed }, span);
}
