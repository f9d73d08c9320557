import { takeRows, type BoundData, type DataModel, type Wanted } from "../data/bind.js";
import { bindTables, readTables } from "../data/sources.js";
import type { Table } from "../data/table.js";
import { diagnostic } from "../diagnostics/index.js";
import { rawWidth } from "../model/descriptor.js";
import { placeOf } from "../document/places.js";
import type { ClassesDocument, DataDocument, MappingDocument, TypeDocument } from "../document/types.js";
import { dataSettings } from "../library/sections.js";
import { completeOptions } from "../library/options.js";
import type { TaskRows } from "../runtime/index.js";
import { report } from "./output.js";
import type { LoadedSpec } from "./spec.js";

/** A task's labelled rows, and what its classes are called where they are its own. */
export interface Support {
  readonly rows: TaskRows;
  readonly classes: readonly string[] | undefined;
}

/** Reads the labelled rows of a task; what is wrong with them ends the command. */
export function readSupport(spec: LoadedSpec, file: string): Support {
  const data = taskData(spec);
  const { bound, table } = bindFile(spec, data, file, "everything");
  const { inputs, labels } = takeRows(bound, everyRow(bound));
  if (!data.classes) return { rows: { inputs, labels }, classes: undefined };
  const { names, indices } = classIndices(spec, data.classes, table, bound.classes!);
  return { rows: { inputs, labels: { [spec.document.tasks[0]!.name]: indices } }, classes: names };
}

/** Reads rows without labels. */
export function readQuery(spec: LoadedSpec, file: string): { inputs: TaskRows["inputs"]; rows: number } {
  const { bound } = bindFile(spec, { ...taskData(spec), classes: null }, file, "inputs");
  return { inputs: takeRows(bound, everyRow(bound)).inputs, rows: bound.rows };
}

function everyRow({ rows }: BoundData): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => row);
}

function bindFile(
  { document, places }: LoadedSpec,
  data: DataDocument,
  file: string,
  wanted: Wanted,
): { bound: BoundData; table: Table } {
  const given: DataModel = { ...document, data };
  const tables = readTables(given, places, () => file);
  report(tables.diagnostics);
  const { value, diagnostics } = bindTables(given, places, tables.value!, wanted);
  report(diagnostics);
  return { bound: value!, table: tables.value![0]!.table };
}

/** How a task's files are read: as the spec's own; without a data section by the names of inputs and tasks. */
function taskData({ document }: LoadedSpec): DataDocument {
  if (document.data) return { ...document.data, row_weights: [] };
  const own = ownClasses(document);
  const settings = completeOptions({ parameters: dataSettings }, {}) as unknown as DataDocument;
  return {
    ...settings,
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
function ownClasses({ meta, tasks }: LoadedSpec["document"]): ClassesDocument | null {
  const { ways } = meta!.settings.episode;
  const [task] = tasks;
  const drawn = ways !== null && tasks.length === 1 && task!.label.classes === ways && !task!.label.names;
  return drawn ? { from: task!.name, train: [], validation: [], test: [] } : null;
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
): { names: readonly string[]; indices: number[] } {
  const span = placeOf(places, "/data/classes");
  const index = table.columnIndex(column)!;
  const missing = classes.flatMap((_, row) => (table.isMissing(row, index) ? [row] : []));
  const task = document.tasks[0]!;
  if (missing.length > 0) {
    const parameters = { column, place: table.placeOf(missing[0]!), task: task.name, count: missing.length };
    report([diagnostic("NN7013", span, parameters)]);
  }
  const numbers = new Map<string, number>();
  const indices = classes.map((name) => {
    if (!numbers.has(name)) numbers.set(name, numbers.size);
    return numbers.get(name)!;
  });
  const ways = task.label.classes!;
  if (numbers.size > ways)
    report([diagnostic("NN7077", span, { path: table.path, classes: numbers.size, ways })]);
  return { names: [...numbers.keys()], indices };
}
