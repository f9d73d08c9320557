import type { Diagnostic } from "../diagnostics/index.js";
import { hasErrors } from "../diagnostics/index.js";
import { rawWidth } from "../model/descriptor.js";
import { placeOf, type Places } from "../document/places.js";
import { namedSources } from "../model/sources.js";
import type { SourceDocument, SplitDocument } from "../document/types.js";
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

export interface TablesResult {
  readonly value: readonly SourceTable[] | undefined;
  readonly diagnostics: Diagnostic[];
}

/** Reads the data files of a spec; `fileOf` says where each lies. */
export function readTables(
  { data }: DataModel,
  places: Places,
  fileOf: (source: SourceDocument) => DataFile,
): TablesResult {
  const { missing } = data;
  const diagnostics: Diagnostic[] = [];
  const value: SourceTable[] = [];
  data.sources.forEach((source, i) => {
    const options = { header: source.header, missing };
    const read = readTable(fileOf(source), options, placeOf(places, `/data/sources/${i}`));
    diagnostics.push(...read.diagnostics);
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
  const bound = results.map((result) => result.value!);
  const value = namedSources(document.data).length === 0 ? bound[0]! : joined(document, bound, wanted);
  return { value, diagnostics };
}

function joined(document: DataModel, parts: readonly BoundData[], wanted: Wanted): BoundData {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const fields = (kind: "inputs" | "labels", types: readonly { name: string }[]) =>
    new Map(types.map(({ name }) => [name, field(document, parts, kind, name, rows)]));
  const inputs = document.inputs.filter(({ name }) => parts.some((part) => part.inputs.has(name)));
  const weighed = new Set(parts.flatMap((part) => [...part.rowWeights.keys()]));
  const weight = (task: string | null) => end(parts, rows, 1, ({ rowWeights }) => rowWeights.get(task), 1);
  return {
    rows,
    inputs: fields("inputs", inputs),
    labels: fields("labels", wanted === "everything" ? document.tasks : []),
    rowWeights: new Map([...weighed].map((task) => [task, weight(task)])),
    columns: new Map(),
    classes: undefined,
    source: parts.flatMap((part) => part.source!),
  };
}

/** A field over all rows; those of sources without it are missing. */
function field(
  document: DataModel,
  parts: readonly BoundData[],
  kind: "inputs" | "labels",
  name: string,
  rows: number,
): BoundField {
  const type =
    document.inputs.find((input) => input.name === name)?.type ??
    document.tasks.find((task) => task.name === name)!.label;
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
  const results = tables.map(({ table }) => splitTable(split, places, table, seed));
  const diagnostics = results.flatMap((result) => result.diagnostics);
  if (results.some((result) => result.value === undefined)) return { value: undefined, diagnostics };
  const part = (name: keyof SplitParts) => {
    let first = 0;
    const rows: number[] = [];
    results.forEach(({ value }, i) => {
      for (const row of value![name]) rows.push(first + row);
      first += tables[i]!.table.rows;
    });
    return Int32Array.from(rows);
  };
  return { value: { train: part("train"), validation: part("validation"), test: part("test") }, diagnostics };
}
