import { diagnostic, type Diagnostic } from "../diagnostics/index.js";
import { episodeSizes } from "../model/adapting.js";
import { taskColumn } from "../model/episodes.js";
import { placeOf, type Places } from "../document/places.js";
import type { ModelDocument } from "../document/types.js";
import type { BoundData } from "./bind.js";
import { findColumn, inCell } from "./columns.js";
import { shortened } from "./problem.js";
import { cellPlace } from "./shown.js";
import type { PartName, SplitParts } from "./split.js";
import type { Table } from "./table.js";

/** The tasks that a data file's rows are of. */
export interface FileTasks {
  /** The task of each row. */
  readonly ofRows: readonly string[];
  /** The tasks of each part that have rows enough for an episode. */
  readonly parts: Readonly<Record<PartName, readonly string[]>>;
  /** How many tasks there are, and how many of them have too few rows. */
  readonly count: number;
  readonly leftOut: number;
}

export interface FileTasksResult {
  readonly value: FileTasks | undefined;
  readonly diagnostics: Diagnostic[];
}

const PARTS: readonly PartName[] = ["train", "validation", "test"];

interface Spec {
  readonly document: ModelDocument;
  readonly places: Places;
}

/** Sorts the rows of a data file by the column that names their task; undefined where the spec has no such column. */
export function fileTasks(
  spec: Spec,
  table: Table,
  bound: BoundData,
  parts: SplitParts,
): FileTasksResult | undefined {
  const { meta } = spec.document;
  const column = meta && taskColumn(meta);
  if (!meta || column === undefined) return undefined;
  const span = placeOf(spec.places, "/meta/task");
  const { index, diagnostics } = findColumn(table, column, span);
  if (index === undefined) return { value: undefined, diagnostics };
  const found = [...gap(spec, table, index), ...asInput(spec, bound, column)];
  if (found.length > 0) return { value: undefined, diagnostics: found };
  const ofRows = Array.from({ length: table.rows }, (_, row) => table.cell(row, index));
  const counts = PARTS.map((part) => ({ part, tasks: countRows(ofRows, parts[part]) }));
  const torn = inTwoParts(spec, column, counts);
  if (torn) return { value: undefined, diagnostics: [torn] };
  const { support, query } = episodeSizes(meta);
  return sorted(spec, { column, ofRows, counts, rows: support + query });
}

/** How many rows of each task a part has. */
interface PartCounts {
  readonly part: PartName;
  readonly tasks: ReadonlyMap<string, number>;
}

interface Counted {
  readonly column: string;
  readonly ofRows: readonly string[];
  readonly counts: readonly PartCounts[];
  /** How many rows an episode takes. */
  readonly rows: number;
}

/** The tasks of each part that have rows for an episode. */
function sorted({ places }: Spec, { column, ofRows, counts, rows }: Counted): FileTasksResult {
  const enough = counts.map(({ tasks }) => [...tasks].filter(([, n]) => n >= rows).map(([name]) => name));
  const empty = PARTS.filter((part, p) => part !== "validation" && enough[p]?.length === 0);
  if (empty.length > 0) {
    const at = placeOf(places, "/data/split");
    const diagnostics = empty.map((part) => diagnostic("NN7075", at, { column, part, rows }));
    return { value: undefined, diagnostics };
  }
  const [train = [], validation = [], test = []] = enough;
  const count = counts.reduce((sum, { tasks }) => sum + tasks.size, 0);
  const leftOut = count - enough.reduce((sum, names) => sum + names.length, 0);
  return { value: { ofRows, parts: { train, validation, test }, count, leftOut }, diagnostics: [] };
}

function gap({ places }: Spec, table: Table, index: number): Diagnostic[] {
  const missing = Array.from({ length: table.rows }, (_, row) => row).filter((row) =>
    table.isMissing(row, index),
  );
  const [first] = missing;
  if (first === undefined) return [];
  const column = shortened(table.columns[index] ?? "?");
  const parameters = { column, place: table.placeOf(first), count: missing.length };
  return [inCell("NN7073", cellPlace(table, first, index, placeOf(places, "/meta/task")), parameters)];
}

function asInput({ document, places }: Spec, { columns }: BoundData, column: string): Diagnostic[] {
  return (document.data?.mappings ?? []).flatMap(({ name: input }, i) => {
    const isInput = document.inputs.some(({ name }) => name === input);
    if (!isInput || !columns.get(input)?.includes(column)) return [];
    return [diagnostic("NN7076", placeOf(places, `/data/mappings/${i}/columns`), { column, input })];
  });
}

/** How many rows each task has among these, in the order in which tasks come. */
function countRows(ofRows: readonly string[], rows: Int32Array): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const task = ofRows[row]!;
    counts.set(task, (counts.get(task) ?? 0) + 1);
  }
  return counts;
}

function inTwoParts({ places }: Spec, column: string, counts: readonly PartCounts[]): Diagnostic | undefined {
  for (const [p, { part, tasks }] of counts.entries()) {
    for (const name of tasks.keys()) {
      const earlier = counts.slice(0, p).find((other) => other.tasks.has(name));
      if (!earlier) continue;
      const parameters = { column, value: shortened(name), first: earlier.part, second: part };
      return diagnostic("NN7074", placeOf(places, "/data/split"), parameters);
    }
  }
  return undefined;
}
