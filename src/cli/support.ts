import { takeRows, type BoundData, type DataModel } from "../data/bind.js";
import { inCell } from "../data/columns.js";
import { cellPlace } from "../data/shown.js";
import { bindTables, readTables } from "../data/sources.js";
import { everyRow, type Table } from "../data/table.js";
import { diagnostic } from "../diagnostics/index.js";
import { rawWidth } from "../model/descriptor.js";
import { placeOf } from "../document/places.js";
import type { ClassesDocument, DataDocument, MappingDocument, TypeDocument } from "../document/types.js";
import { rowSettings } from "../library/sections.js";
import { readOptions } from "../library/options.js";
import type { TaskRows } from "../runtime/index.js";
import type { Reading } from "./data.js";
import type { JoinedRows } from "./joined.js";
import type { OutputOptions } from "./predictions.js";
import { report, take } from "./output.js";
import type { LoadedSpec, MetaSpec } from "./spec.js";

/** A task's labelled rows, and what its classes are called where they are its own. */
export interface Support {
  readonly rows: TaskRows;
  readonly classes: readonly string[] | undefined;
}

/** Reads the labelled rows of a task; what is wrong with them ends the command. */
export function readSupport(spec: MetaSpec, file: string): Support {
  const data = taskData(spec);
  const { bound, table } = bindFile(spec, data, file, {});
  const { inputs, labels } = takeRows(bound, everyRow(bound));
  if (!data.classes) return { rows: { inputs, labels }, classes: undefined };
  const { task, names, indices } = classIndices(spec, data.classes, table, bound.classes ?? []);
  return { rows: { inputs, labels: Object.fromEntries([[task, indices]]) }, classes: names };
}

/** Reads the rows to predict, with their labels where `truth` asks for them. */
export function readQuery(
  spec: MetaSpec,
  file: string,
  { truth = false, id }: Pick<OutputOptions, "truth" | "id">,
): JoinedRows & { inputs: TaskRows["inputs"] } {
  const data = { ...taskData(spec), ...(truth ? {} : { classes: null }) };
  const { bound, table } = bindFile(spec, data, file, {
    wanted: truth ? "everything" : "inputs",
    columns: id,
  });
  const rows = everyRow(bound);
  return {
    document: { ...spec.document, data },
    bound,
    tables: [{ source: null, table }],
    rows,
    inputs: takeRows(bound, rows).inputs,
  };
}

function bindFile(
  { document, places }: LoadedSpec,
  data: DataDocument,
  file: string,
  { wanted = "everything", columns }: Reading,
): { bound: BoundData; table: Table } {
  const given: DataModel = { ...document, data };
  const tables = take(readTables(given, places, () => ({ path: file, instead: true }), columns));
  return { bound: take(bindTables(given, places, tables, wanted)), table: tables[0]!.table };
}

/** How a task's files are read: as the spec's own; without a data section by the names of inputs and tasks. */
function taskData({ document }: MetaSpec): DataDocument {
  if (document.data) return { ...document.data, row_weights: [] };
  const own = ownClasses(document);
  const settings = readOptions({ name: "data", parameters: rowSettings }, {});
  return {
    ...settings,
    missing: settings.missing.map(String),
    sources: [{ name: null, from: "", header: true }],
    row_weights: [],
    classes: own,
    mappings: [
      ...document.inputs.map(({ name, type }) => namedMapping(name, type)),
      ...(own ? [] : document.tasks.map(({ name, label }) => namedMapping(name, label))),
    ],
  };
}

/** An episode's classes have no names of their own in the model. */
function ownClasses({ meta, tasks }: MetaSpec["document"]): ClassesDocument | null {
  const { ways } = meta.settings.episode;
  const [task, ...others] = tasks;
  if (!task || others.length > 0) return null;
  const drawn = ways !== null && task.label.classes === ways && !task.label.names;
  return drawn ? { from: task.name, train: [], validation: [], test: [] } : null;
}

function namedMapping(name: string, type: TypeDocument): MappingDocument {
  const width = rawWidth(type, undefined);
  const columns = width === 1 ? [name] : Array.from({ length: width }, (_, i) => `${name}_${i + 1}`);
  return { name, source: null, columns, transforms: [] };
}

/** Classes by the order in which they first appear. */
function classIndices(
  { document, places }: LoadedSpec,
  { from: column }: ClassesDocument,
  table: Table,
  classes: readonly string[],
): { task: string; names: readonly string[]; indices: number[] } {
  const span = placeOf(places, "/data/classes");
  const index = table.columnIndex(column);
  const [task] = document.tasks;
  if (!task || index === undefined) throw new Error("classes of no task, or of no column");
  const missing = classes.flatMap((_, row) => (table.isMissing(row, index) ? [row] : []));
  const [first] = missing;
  if (first !== undefined) {
    const parameters = { column, place: table.placeOf(first), task: task.name, count: missing.length };
    report([inCell("NN7013", cellPlace(table, first, index, span), parameters)]);
  }
  const names = [...new Set(classes)];
  const numbers = new Map(names.map((name, i) => [name, i]));
  const ways = task.label.classes ?? names.length;
  if (names.length > ways)
    report([diagnostic("NN7077", span, { path: table.path, classes: names.length, ways })]);
  return { task: task.name, names, indices: classes.map((name) => numbers.get(name) ?? 0) };
}
