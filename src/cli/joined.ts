import type { BoundData, BoundField, DataModel } from "../data/bind.js";
import { findColumn, findColumnRange } from "../data/columns.js";
import type { SourceTable, Table } from "../data/table.js";
import type { MappingDocument } from "../document/types.js";
import type { MappedColumns } from "../model/descriptor.js";
import type { TaskDescriptor } from "../runtime/index.js";
import { wholeFile } from "../source/index.js";
import { take } from "./output.js";
import type { Cell, OutputOptions, Predicted } from "./predictions.js";

/** What predictions of rows can be joined by: their numbers, columns of their file, and their labels. */
export type Joined = Pick<Predicted, "numbers" | "ids" | "truth">;

/** Rows of data files that lie end to end. */
export interface JoinedRows {
  readonly document: DataModel;
  readonly bound: BoundData;
  readonly tables: readonly SourceTable[];
  readonly rows: Int32Array;
}

/** Of some rows of one source. */
export function joinedOf(
  { bound, tables, rows }: JoinedRows,
  source: string | null,
  tasks: readonly TaskDescriptor[],
  { id = [], truth = false }: Pick<OutputOptions, "id" | "truth">,
): Joined {
  const { table, first } = tableOf(tables, source);
  const ids = id.map((name) => {
    const { index, diagnostics } = findColumn(table, name, wholeFile("--id"));
    const column = take({ value: index, diagnostics });
    return Array.from(rows, (row) => table.cell(row - first, column));
  });
  const { classes } = bound;
  const known = tasks.map(({ name, names }): [string, (row: number) => Cell[]] => {
    const field = bound.labels.get(name);
    if (field) return [name, (row) => labelsIn(field, names, rows[row]!)];
    // An episode's classes are those of its rows, by the names in their file.
    return [name, (row) => [classes?.[rows[row]!] ?? null]];
  });
  return { numbers: rows.map((row) => row - first + 1), ids, truth: new Map(truth ? known : []) };
}

/** The columns of each task's labels, as the header of its file names them; none of a task where they are not there. */
export function labelColumns({ tasks, data }: DataModel, tables: readonly SourceTable[]): MappedColumns {
  const found = tasks.flatMap(({ name }): [string, string[]][] => {
    const mapping = data.mappings.find((each) => each.name === name);
    const table = tables.find(({ source }) => source === mapping?.source)?.table;
    if (!mapping || !table) return [];
    return [[name, mapping.columns.flatMap((column) => columnsAt(table, column))]];
  });
  return new Map(found);
}

function columnsAt(table: Table, column: MappingDocument["columns"][number]): readonly string[] {
  if (typeof column === "string") return [column];
  const { indices } = findColumnRange(table, column.first, column.last, wholeFile(table.path));
  return indices.map((index) => table.columns[index]!);
}

function tableOf(tables: readonly SourceTable[], source: string | null) {
  let first = 0;
  for (const { source: name, table } of tables) {
    if (name === source) return { table, first };
    first += table.rows;
  }
  throw new Error(`there is no table of ${source}`);
}

/** The labels of a row, as the spec names them. */
function labelsIn({ width, values }: BoundField, names: TaskDescriptor["names"], row: number): Cell[] {
  return Array.from(values.subarray(row * width, (row + 1) * width), (value) =>
    Number.isNaN(value) ? null : (names?.[value] ?? value),
  );
}
