import type { Diagnostic } from "../diagnostics/index.js";
import { hasErrors } from "../diagnostics/index.js";
import { rawWidth } from "../model/descriptor.js";
import { placeOf, type Places } from "../document/places.js";
import { namedSources } from "../model/sources.js";
import type { InputDocument, SourceDocument, SplitDocument } from "../document/types.js";
import {
  bindData,
  type BindResult,
  type BoundData,
  type BoundField,
  type DataModel,
  type Wanted,
} from "./bind.js";
import { splitTable } from "./parts.js";
import { readTable, type DataFile } from "./read.js";
import type { SplitParts } from "./split.js";
import type { SourceTable } from "./table.js";
import { wantedColumns } from "./wanted.js";

export interface TablesResult {
  readonly value: readonly SourceTable[] | undefined;
  readonly diagnostics: Diagnostic[];
}

/** Reads the data files of a spec; `fileOf` says where each lies, `beside` are columns that are wanted besides the spec's. */
export function readTables(
  { data, meta }: DataModel,
  places: Places,
  fileOf: (source: SourceDocument) => DataFile,
  beside: readonly string[] = [],
): TablesResult {
  const { missing } = data;
  const diagnostics: Diagnostic[] = [];
  const value: SourceTable[] = [];
  data.sources.forEach((source, i) => {
    const options = {
      header: source.header,
      missing,
      wanted: wantedColumns(data, meta, source.name, beside),
    };
    const read = readTable(fileOf(source), options, placeOf(places, `/data/sources/${i}`));
    for (const each of read.diagnostics) diagnostics.push(each);
    if (read.value) value.push({ source: source.name, table: read.value });
  });
  return { value: value.length === data.sources.length ? value : undefined, diagnostics };
}

/** Binds the tables to the model and lays their rows one after the other. */
export function bindTables(
  document: DataModel,
  places: Places,
  tables: readonly SourceTable[],
  wanted: Wanted = "everything",
): BindResult {
  const results = tables.map((table) => bindData(document, places, table, wanted));
  const diagnostics = results.flatMap((result) => result.diagnostics);
  if (hasErrors(diagnostics)) return { value: undefined, diagnostics };
  const bound = results.flatMap((result) => result.value ?? []);
  if (namedSources(document.data).length > 0) return { value: joined(document, bound, wanted), diagnostics };
  return { value: bound[0], diagnostics };
}

function joined(document: DataModel, parts: readonly BoundData[], wanted: Wanted): BoundData {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const fields = (kind: "inputs" | "labels", typed: readonly Typed[]) =>
    new Map(typed.map((own) => [own.name, field(document, parts, kind, own, rows)]));
  const inputs = document.inputs.filter(({ name }) => parts.some((part) => part.inputs.has(name)));
  const labels = document.tasks.map(({ name, label }) => ({ name, type: label }));
  const weighed = new Set(parts.flatMap((part) => [...part.rowWeights.keys()]));
  const weight = (task: string | null) => end(parts, rows, 1, ({ rowWeights }) => rowWeights.get(task), 1);
  return {
    rows,
    inputs: fields("inputs", inputs),
    labels: fields("labels", wanted === "everything" ? labels : []),
    rowWeights: new Map([...weighed].map((task) => [task, weight(task)])),
    columns: new Map(),
    classes: undefined,
    source: parts.flatMap((part) => part.source ?? []),
  };
}

type Typed = Pick<InputDocument, "name" | "type">;

/** A field over all rows; its values are missing in sources that do not have it. */
function field(
  document: DataModel,
  parts: readonly BoundData[],
  kind: "inputs" | "labels",
  { name, type }: Typed,
  rows: number,
): BoundField {
  const width = rawWidth(
    type,
    document.data.mappings.find((mapping) => mapping.name === name),
  );
  return { width, values: end(parts, rows, width, (part) => part[kind].get(name)?.values, Number.NaN) };
}

/** Values of the parts end to end; `fill` where a part has none. */
function end(
  parts: readonly BoundData[],
  rows: number,
  width: number,
  of: (part: BoundData) => Float64Array | undefined,
  fill: number,
): Float64Array {
  const values = new Float64Array(rows * width).fill(fill);
  let at = 0;
  for (const part of parts) {
    const own = of(part);
    if (own) values.set(own, at);
    at += part.rows * width;
  }
  return values;
}

/** Deals each table's rows to the parts; row numbers are those of the tables end to end. */
export function splitTables(
  split: SplitDocument,
  places: Places,
  tables: readonly SourceTable[],
  seed?: number,
): { readonly value: SplitParts | undefined; readonly diagnostics: Diagnostic[] } {
  const results = tables.map(({ table }) => ({ table, ...splitTable(split, places, table, seed) }));
  const diagnostics = results.flatMap((result) => result.diagnostics);
  const found = results.flatMap(({ table, value }) => (value ? [{ parts: value, count: table.rows }] : []));
  if (found.length < results.length) return { value: undefined, diagnostics };
  const part = (name: keyof SplitParts) => {
    let first = 0;
    const rows: number[] = [];
    for (const { parts, count } of found) {
      for (const row of parts[name]) rows.push(first + row);
      first += count;
    }
    return Int32Array.from(rows);
  };
  return { value: { train: part("train"), validation: part("validation"), test: part("test") }, diagnostics };
}
