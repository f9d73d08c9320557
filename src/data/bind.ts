import { diagnostic, hasErrors, type Diagnostic } from "../diagnostics/index.js";
import { rawWidth, type MappedColumns } from "../model/descriptor.js";
import { classCount } from "../model/task-problems.js";
import { placeOf, type Places } from "../document/places.js";
import type { DataDocument, MappingDocument, ModelDocument, TypeDocument } from "../document/types.js";
import { fitsFloat32 } from "../runtime/float32.js";
import { applyChain, chainWidth, fillsGaps, fitChain } from "../runtime/transforms/chain.js";
import { DataError } from "../runtime/transforms/index.js";
import type { Span } from "../source/index.js";
import {
  binaryColumn,
  findColumn,
  findColumnRange,
  indexColumn,
  missingInInput,
  missingInLabel,
  nameColumn,
  numberColumn,
  numberTooLarge,
  transformProblem,
  type ColumnResult,
} from "./columns.js";
import { foldAbsent } from "./absent.js";
import { largestOf } from "./number.js";
import { everyRow, type SourceTable, type Table } from "./table.js";

/** A field's raw numbers, row-major; classes are indices, a missing value is NaN. */
export interface BoundField {
  readonly width: number;
  readonly values: Float64Array;
}

/** A data file as a model sees it, before any transform. */
export interface BoundData {
  readonly rows: number;
  readonly inputs: ReadonlyMap<string, BoundField>;
  readonly labels: ReadonlyMap<string, BoundField>;
  /** One weight a row: for all tasks under `null`, else by the task. */
  readonly rowWeights: ReadonlyMap<string | null, Float64Array>;
  readonly columns: MappedColumns;
  /** The class of each row, for episodes. */
  readonly classes: readonly string[] | undefined;
  /** The name of each row's source, where files have names. */
  readonly source: readonly string[] | undefined;
}

export interface BindResult {
  readonly value: BoundData | undefined;
  readonly diagnostics: Diagnostic[];
}

/** Which fields have to be there: prediction does without labels. */
export type Wanted = "everything" | "inputs";

/** A model document with a data section. */
export type DataModel = ModelDocument & { readonly data: DataDocument };

/** Reads every column that is mapped from the table as its field's type wants it, and reports each cell that does not fit. */
export function bindData(
  document: DataModel,
  places: Places,
  { source, table }: SourceTable,
  wanted: Wanted = "everything",
): BindResult {
  const told: Diagnostic[] = [];
  const inputs = new Map<string, BoundField>();
  const labels = new Map<string, BoundField>();
  const columns = new Map<string, readonly string[]>();
  document.data.mappings.forEach((mapping, i) => {
    if (mapping.source !== source) return;
    const input = document.inputs.find((field) => field.name === mapping.name);
    const task = document.tasks.find((t) => t.name === mapping.name);
    const type = input?.type ?? task?.label;
    if (!type || (task && wanted === "inputs")) return;
    const span = placeOf(places, `/data/mappings/${i}/columns`);
    const placeOfColumn = (c: number) => placeOf(places, `/data/mappings/${i}/columns/${c}`);
    const field = { table, mapping, type, span, placeOfColumn, isInput: input !== undefined };
    const found = bindField(field, told);
    if (!found) return;
    columns.set(mapping.name, found.columns);
    (input ? inputs : labels).set(mapping.name, found.field);
  });
  const diagnostics = [...foldAbsent(document.data, source, told)];
  const rowWeights =
    wanted === "everything"
      ? bindRowWeights(document.data, places, { source, table }, diagnostics)
      : new Map<string | null, Float64Array>();
  if (hasErrors(diagnostics)) return { value: undefined, diagnostics };
  const names = source === null ? undefined : Array<string>(table.rows).fill(source);
  const classes = bindClasses(document.data, places, table, diagnostics);
  if (hasErrors(diagnostics)) return { value: undefined, diagnostics };
  return {
    value: { rows: table.rows, inputs, labels, rowWeights, columns, classes, source: names },
    diagnostics,
  };
}

interface FieldSource {
  readonly table: Table;
  readonly mapping: MappingDocument;
  readonly type: TypeDocument;
  readonly span: Span;
  /** Where the spec names the n-th column, or the range that it is in. */
  readonly placeOfColumn: (n: number) => Span;
  readonly isInput: boolean;
}

function bindField(
  source: FieldSource,
  diagnostics: Diagnostic[],
): { field: BoundField; columns: readonly string[] } | undefined {
  const { table, mapping, type, span } = source;
  const indices = columnIndices(source, diagnostics);
  if (!indices) return undefined;
  const width = rawWidth(type, mapping);
  if (indices.length !== width) {
    const wanted = `\`${type.base}${type.dims.length > 0 ? `[${type.dims.join(", ")}]` : ""}\``;
    const parameters = { name: mapping.name, wanted, columns: indices.length };
    const hint = `It takes ${width} column${width === 1 ? "" : "s"}${doubled(mapping)}.`;
    diagnostics.push(diagnostic("NN7054", span, parameters, { hint }));
    return undefined;
  }
  const again = inRangeToo(source, indices);
  if (again) diagnostics.push(again);
  const read = indices.map((index) => ({ index, ...readColumn(table, index, type, span) }));
  for (const column of read) {
    for (const each of column.diagnostics) diagnostics.push(each);
    if (column.diagnostics.length > 0) continue;
    const gap = missingCell(source, column.index, column);
    if (gap) diagnostics.push(gap);
  }
  for (const each of transformProblems(source, read)) diagnostics.push(each);
  const values = new Float64Array(table.rows * width);
  read.forEach((column, c) => column.values.forEach((x, row) => (values[row * width + c] = x)));
  return { field: { width, values }, columns: indices.map((index) => table.columns[index] ?? "?") };
}

/** A column that a range holds besides; columns that are named twice are told without the file. */
function inRangeToo(
  { table, mapping, span }: FieldSource,
  indices: readonly number[],
): Diagnostic | undefined {
  const { name, columns } = mapping;
  if (columns.length < 2 || columns.every((column) => typeof column === "string")) return undefined;
  const named = columns.flatMap((column) => (typeof column === "string" ? [column] : []));
  if (new Set(indices).size === indices.length || new Set(named).size < named.length) return undefined;
  const seen = new Set<number>();
  const index = indices.find((i) => seen.has(i) || !seen.add(i)) ?? -1;
  return diagnostic("NN7022", span, { name, column: table.columns[index] ?? "?" });
}

/** A note for messages on column counts, where a transform gives twice as many columns as it takes. */
function doubled({ transforms }: MappingDocument): string {
  const doubling = transforms.find(({ name }) => chainWidth([name], 1) === 2);
  return doubling ? ` (\`${doubling.name}\` doubles them)` : "";
}

/** A column of the table, and its index there. */
interface ReadColumn extends ColumnResult {
  readonly index: number;
}

/** Runs the transforms over the whole column, so that a value that one cannot take is found with its line. */
function transformProblems(source: FieldSource, read: readonly ReadColumn[]): Diagnostic[] {
  const { table, mapping, span } = source;
  if (read.some((r) => r.diagnostics.length > 0)) return [];
  const columns = read.map((r) => r.values);
  try {
    const stages = fitChain(mapping.transforms, columns);
    return tooLarge(source, read, applyChain(stages, columns));
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const rows = everyRow(table);
    const indices = read.map((r) => r.index);
    return [transformProblem(table, indices, rows, error, span)];
  }
}

/** The first cell that is beyond float32 after the transforms. */
function tooLarge(
  { table, span, mapping }: FieldSource,
  read: readonly ReadColumn[],
  transformed: readonly Float64Array[],
): Diagnostic[] {
  const transforms = mapping.transforms.map(({ name }) => name);
  for (const [c, { index, values }] of read.entries()) {
    const after = transformed[c] ?? values;
    const isWrong = (row: number) => !Number.isNaN(values[row]!) && !fitsFloat32(after[row]!);
    const first = values.findIndex((_, row) => isWrong(row));
    const row = first >= 0 && fitsFloat32(values[first]!) ? largestOf(values, isWrong) : first;
    if (row >= 0) return [numberTooLarge(table, index, { row, value: values[row]!, transforms }, span)];
  }
  return [];
}

function missingCell(source: FieldSource, index: number, result: ColumnResult): Diagnostic | undefined {
  const { table, mapping, type, span, isInput } = source;
  if (!isInput) return type.optional ? undefined : missingInLabel(table, index, result, mapping.name, span);
  const imputed = fillsGaps(mapping.transforms.map((t) => t.name));
  if (imputed) return undefined;
  const categorical = type.base === "category" || type.base === "binary";
  return missingInInput(table, index, result, { input: mapping.name, categorical, span });
}

function columnIndices(
  { table, mapping, placeOfColumn }: FieldSource,
  diagnostics: Diagnostic[],
): number[] | undefined {
  const indices: number[] = [];
  const before = diagnostics.length;
  for (const [c, column] of mapping.columns.entries()) {
    const span = placeOfColumn(c);
    if (typeof column === "string") {
      const found = findColumn(table, column, span);
      for (const each of found.diagnostics) diagnostics.push(each);
      if (found.index !== undefined) indices.push(found.index);
    } else {
      const found = findColumnRange(table, column.first, column.last, span);
      for (const each of found.diagnostics) diagnostics.push(each);
      for (const each of found.indices) indices.push(each);
    }
  }
  return diagnostics.length === before ? indices : undefined;
}

function readColumn(table: Table, index: number, type: TypeDocument, span: Span): ColumnResult {
  if (type.base === "float" || type.base === "int") return numberColumn(table, index, span);
  if (type.names) return nameColumn(table, index, type.names, span);
  return type.base === "binary"
    ? binaryColumn(table, index, span)
    : indexColumn(table, index, classCount(type), span);
}

function bindClasses(
  { classes }: DataDocument,
  places: Places,
  table: Table,
  diagnostics: Diagnostic[],
): string[] | undefined {
  if (!classes) return undefined;
  const found = findColumn(table, classes.from, placeOf(places, "/data/classes"));
  for (const each of found.diagnostics) diagnostics.push(each);
  const { index } = found;
  return index === undefined
    ? undefined
    : Array.from({ length: table.rows }, (_, row) => table.cell(row, index));
}

function bindRowWeights(
  data: DataDocument,
  places: Places,
  { source, table }: SourceTable,
  diagnostics: Diagnostic[],
): Map<string | null, Float64Array> {
  const weights = new Map<string | null, Float64Array>();
  data.row_weights.forEach((weight, i) => {
    if (weight.source !== source) return;
    const span = placeOf(places, `/data/row_weights/${i}`);
    const found = findColumn(table, weight.column, span);
    for (const each of found.diagnostics) diagnostics.push(each);
    if (found.index === undefined) return;
    const result = numberColumn(table, found.index, span);
    for (const each of result.diagnostics) diagnostics.push(each);
    const large = result.values.findIndex((x) => !Number.isNaN(x) && !fitsFloat32(x));
    if (large >= 0)
      diagnostics.push(
        numberTooLarge(table, found.index, { row: large, value: result.values[large]! }, span),
      );
    weights.set(
      weight.task,
      result.values.map((x) => (Number.isNaN(x) ? 1 : x)),
    );
  });
  return weights;
}

/** Some rows of bound data, as `fit` and `evaluate` take them. */
export function takeRows(data: BoundData, rows: Int32Array) {
  const { source } = data;
  const take = ({ width, values }: BoundField): Float64Array => {
    const taken = new Float64Array(rows.length * width);
    rows.forEach((row, i) => taken.set(values.subarray(row * width, (row + 1) * width), i * width));
    return taken;
  };
  const all = (fields: ReadonlyMap<string, BoundField>) =>
    Object.fromEntries([...fields].map(([name, field]) => [name, take(field)]));
  const weights = [...data.rowWeights].map(([task, values]) => [task, take({ width: 1, values })] as const);
  const ofAll = weights.find(([task]) => task === null)?.[1];
  const ofTasks = weights.flatMap(([task, values]) => (task === null ? [] : [[task, values] as const]));
  return {
    inputs: all(data.inputs),
    labels: all(data.labels),
    ...(ofAll ? { rowWeight: ofAll } : {}),
    ...(ofTasks.length > 0 ? { rowWeights: Object.fromEntries(ofTasks) } : {}),
    ...(source ? { source: Array.from(rows, (row) => source[row]!) } : {}),
  };
}
