import type { Diagnostic } from "../diagnostics/index.js";
import { placeOf, type Places } from "../document/places.js";
import type { SplitDocument } from "../document/types.js";
import { entry as libraryEntry } from "../library/index.js";
import { findColumn, inCell } from "./columns.js";
import { shortened } from "./problem.js";
import { cellPlace } from "./shown.js";
import { partNames, splitRows, type SplitBy, type SplitParts } from "./split.js";
import type { Table } from "./table.js";
import { readTimes } from "./time.js";

/** Deals the table's rows to the parts as the data section says; `seed` replaces the split's own. */
export function splitTable(
  split: SplitDocument,
  places: Places,
  table: Table,
  seed?: number,
): { readonly value: SplitParts | undefined; readonly diagnostics: Diagnostic[] } {
  const span = placeOf(places, "/data/split");
  const column = split.by.options["column"];
  let by: SplitBy = { deals: "chance" };
  if (typeof column === "string") {
    const { index, diagnostics } = findColumn(table, column, span);
    if (index === undefined) return { value: undefined, diagnostics };
    const values = Array.from({ length: table.rows }, (_, row) => table.cell(row, index));
    const at = (row: number) => cellPlace(table, row, index, span);
    const { deals } = libraryEntry("split", split.by.name);
    if (deals === "order") {
      const times = readTimes(values);
      if ("row" in times) {
        const { row, reason } = times;
        const cell = {
          column: shortened(column),
          place: table.placeOf(row),
          value: shortened(table.cell(row, index)),
        };
        return { value: undefined, diagnostics: [inCell("NN7020", at(row), { ...cell, reason })] };
      }
      by = { deals, values: times.values };
    } else if (deals === "given") {
      by = { deals, values, cell: (row) => ({ place: table.placeOf(row), at: at(row) }) };
    } else if (deals !== "chance") by = { deals, values };
  }
  const shares = partNames.flatMap((name) => (split[name] === null ? [] : [[name, split[name]] as const]));
  const request = { ...Object.fromEntries(shares), by, seed: seed ?? split.seed };
  const { value, diagnostics } = splitRows(table.rows, request, span);
  return { value, diagnostics: places.has("/data/split") ? diagnostics : diagnostics.map(byDefault) };

  /** Where no split is written, nobody can leave a part of it out. */
  function byDefault(found: Diagnostic): Diagnostic {
    if (found.code !== "NN7017") return found;
    const parts = shares.map(([name, share]) => `${name}: ${share}`).join(", ");
    const hint = `Without \`split\` it is \`{ ${parts} }\`: write \`split: { train: 1 }\` for all rows, or use more data.`;
    return { ...found, hint };
  }
}
