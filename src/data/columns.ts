import {
  diagnostic,
  didYouMean,
  type Code,
  type Diagnostic,
  type ParametersOf,
} from "../diagnostics/index.js";
import { fitsFloat32 } from "../runtime/float32.js";
import type { DataError } from "../runtime/transforms/index.js";
import type { Span } from "../source/index.js";
import { countedFromOne, numberedHint, twoValuesHint, valuesOf } from "./class-hints.js";
import { parseNumber } from "./number.js";
import { shortened } from "./problem.js";
import { cellPlace, type CellPlace } from "./shown.js";
import type { Table } from "./table.js";

/** A column as numbers, NaN where a value is missing, and what is wrong with its cells. */
export interface ColumnResult {
  readonly values: Float64Array;
  readonly diagnostics: Diagnostic[];
}

/** The index of a column of the table, or a report that looks for a similar name. */
export function findColumn(
  table: Table,
  name: string,
  span: Span,
): { readonly index: number | undefined; readonly diagnostics: Diagnostic[] } {
  const index = table.columnIndex(name);
  if (index !== undefined) return { index, diagnostics: [] };
  const few =
    table.columns.length <= 12 ? table.columns.map((c) => `\`${shortened(c)}\``).join(", ") : undefined;
  const numbered = /^\$\d+$/.test(name) && !isNumbered(table, 0);
  const listed = few && `The columns are ${few}.`;
  const hint = numbered
    ? `Columns are called \`$1\`, \`$2\`, … in a file without names, with \`header: false\`. ${listed ?? ""}`.trim()
    : (table.hints.find(() => didYouMean(name, table.columns)) ?? listed);
  const parameters = { path: table.path, column: shortened(name) };
  const header = table.header();
  const related = header === undefined ? [] : [{ span, message: "wanted here" }];
  return {
    index: undefined,
    diagnostics: [diagnostic("NN7009", header ?? span, parameters, { hint, related })],
  };
}

/** Whether a column goes by its number, as those of a file without a header do. */
function isNumbered(table: Table, column: number): boolean {
  return table.columns[column] === `$${column + 1}`;
}

/** The hint for a first line that alone does not fit, where the file is said to have no header. */
function headerHint(table: Table, column: number, { row, more }: Misfit): string | undefined {
  if (row !== 0 || more > 0 || table.rows === 1 || !isNumbered(table, column)) return undefined;
  return "The first line looks like a header: leave `header: false` out, and name the columns as it does.";
}

/** The columns `first..last`, both included, in the order of the file. */
export function findColumnRange(
  table: Table,
  first: string,
  last: string,
  span: Span,
): { readonly indices: number[]; readonly diagnostics: Diagnostic[] } {
  const from = findColumn(table, first, span);
  const to = findColumn(table, last, span);
  const diagnostics = [...from.diagnostics, ...to.diagnostics];
  if (from.index === undefined || to.index === undefined) return { indices: [], diagnostics };
  if (from.index > to.index) {
    return {
      indices: [],
      diagnostics: [diagnostic("NN7015", span, { first: shortened(first), last: shortened(last) })],
    };
  }
  const start = from.index;
  return { indices: Array.from({ length: to.index - start + 1 }, (_, i) => start + i), diagnostics };
}

/** A column of numbers. */
export function numberColumn(table: Table, column: number, span: Span): ColumnResult {
  return convert({ table, column, span }, parseNumber, (misfit) => {
    const { at, place, value, more } = misfit;
    const hint = headerHint(table, column, misfit) ?? numberHint(value);
    const parameters = { column: nameOf(table, column), place, value: shortened(value), more };
    return inCell("NN7010", at, parameters, hint ?? missingHint(value));
  });
}

function numberHint(value: string): string | undefined {
  if (/^[+-]?\d+,\d+$/.test(value)) return "Decimals are written with a point.";
  const isHuge = /^[+-]?(\d+\.?\d*|\.\d+)[eE]\+?\d+$/.test(value);
  return isHuge ? "It is larger than any number that can be computed with (1.8e308)." : undefined;
}

/** A column of names, as indices into the declared ones. */
export function nameColumn(table: Table, column: number, names: readonly string[], span: Span): ColumnResult {
  const indices = new Map(names.map((name, i) => [name, i]));
  return convert(
    { table, column, span },
    (text) => indices.get(text),
    (misfit) => {
      const { at, place, value, more } = misfit;
      const listed = names.slice(0, 8).map((n) => `\`${shortened(n)}\``);
      const text = `${listed.join(", ")}${names.length > 8 ? ", …" : ""}`;
      const parameters = { column: nameOf(table, column), place, value: shortened(value), names: text, more };
      const hint =
        headerHint(table, column, misfit) ??
        numberedHint(valuesOf(table, column), names) ??
        table.hints.find(() => didYouMean(value, names)) ??
        missingHint(value);
      return inCell("NN7011", at, parameters, hint);
    },
  );
}

/** A column of class indices, from 0 to `count` - 1. */
export function indexColumn(table: Table, column: number, count: number, span: Span): ColumnResult {
  return convert(
    { table, column, span },
    (text) => {
      const value = parseNumber(text);
      return value !== undefined && Number.isInteger(value) && value >= 0 && value < count
        ? value
        : undefined;
    },
    (misfit) => {
      const { at, place, value, more } = misfit;
      const parameters = { column: nameOf(table, column), place, value: shortened(value), count, more };
      const hint = headerHint(table, column, misfit) ?? countedFromOne(value, count);
      return inCell("NN7019", at, parameters, hint);
    },
  );
}

const truths = new Map([
  ["0", 0],
  ["1", 1],
  ["false", 0],
  ["true", 1],
]);

/** A column of a `binary` without names: 0 and 1, or false and true. */
export function binaryColumn(table: Table, column: number, span: Span): ColumnResult {
  return convert(
    { table, column, span },
    (text) => truths.get(text.toLowerCase()) ?? truths.get(String(parseNumber(text))),
    ({ at, place, value, more }) => {
      const names = "`0`, `1`, `false` and `true`";
      const parameters = { column: nameOf(table, column), place, value: shortened(value), names, more };
      return inCell("NN7011", at, parameters, twoValuesHint(valuesOf(table, column)));
    },
  );
}

/** What a missing value in an input is reported as; undefined if there is none. */
export function missingInInput(
  table: Table,
  column: number,
  { values }: ColumnResult,
  {
    input,
    categorical,
    span,
  }: { readonly input: string; readonly categorical: boolean; readonly span: Span },
): Diagnostic | undefined {
  const missing = firstMissing(values);
  if (missing === undefined) return undefined;
  const { row, count } = missing;
  const parameters = { column: nameOf(table, column), place: table.placeOf(row), input, count };
  const hint = categorical
    ? 'A category has no mean: give the gaps a value in the file and list it, as in `category("a", "b", "unknown")`.'
    : "Fill the gaps, for example with `|> impute(mean)`.";
  return inCell("NN7012", cellPlace(table, row, column, span), parameters, hint);
}

/** What a missing value in a label without `?` is reported as; undefined if there is none. */
export function missingInLabel(
  table: Table,
  column: number,
  { values }: ColumnResult,
  task: string,
  span: Span,
): Diagnostic | undefined {
  const missing = firstMissing(values);
  if (missing === undefined) return undefined;
  const { row, count } = missing;
  const parameters = { column: nameOf(table, column), place: table.placeOf(row), task, count };
  const hint = "If labels may be missing, let the label's type end in `?`.";
  return inCell("NN7013", cellPlace(table, row, column, span), parameters, hint);
}

/** The message about a value that a transform cannot take. `columns` are the indices of those that the transform was given. */
export function transformProblem(
  table: Table,
  columns: readonly number[],
  rows: ArrayLike<number>,
  error: DataError,
  span: Span,
): Diagnostic {
  const row = error.row === undefined ? undefined : rows[error.row];
  const index = columns[error.column] ?? -1;
  const parameters = { column: nameOf(table, index), value: error.value ?? NaN, reason: error.message };
  if (row === undefined) return diagnostic("NN7014", span, { ...parameters, place: "all rows" });
  return inCell("NN7014", cellPlace(table, row, index, span), { ...parameters, place: table.placeOf(row) });
}

/** What a cell that does not fit a float of 32 bits is reported as. */
export function numberTooLarge(
  table: Table,
  column: number,
  { row, value, transforms }: LargeCell,
  span: Span,
): Diagnostic {
  const parameters = { column: nameOf(table, column), place: table.placeOf(row), value };
  return inCell("NN7021", cellPlace(table, row, column, span), parameters, smallerHint(value, transforms));
}

/** A cell that is too large, and the names of the transforms that its column goes through; none where it can have none. */
interface LargeCell {
  readonly row: number;
  readonly value: number;
  readonly transforms?: readonly string[];
}

function smallerHint(value: number, transforms: readonly string[] | undefined): string {
  if (transforms === undefined) return "Divide the column in the file: only the ratios of weights count.";
  if (fitsFloat32(value)) return "It is what the column's transforms make of it: change them.";
  const stage = `|> scale(factor: 1e-${Math.floor(Math.log10(Math.abs(value)))})`;
  return transforms.length > 0
    ? `Scale the column before all else: \`${stage}\`.`
    : `Scale the column: \`${stage}\`, or take its \`|> log\`.`;
}

/** A message about a cell, shown in its file. */
export function inCell<C extends Code>(
  code: C,
  { span, related }: CellPlace,
  parameters: ParametersOf<C>,
  hint?: string,
): Diagnostic {
  return diagnostic(code, span, parameters, { hint, related });
}

/** The first cell of a column that does not fit, and how many more there are. */
interface Misfit {
  readonly row: number;
  readonly at: CellPlace;
  readonly place: string;
  readonly value: string;
  readonly more: number;
}

function convert(
  { table, column, span }: { readonly table: Table; readonly column: number; readonly span: Span },
  read: (text: string) => number | undefined,
  report: (misfit: Misfit) => Diagnostic,
): ColumnResult {
  const values = new Float64Array(table.rows).fill(NaN);
  let first = -1;
  let wrong = 0;
  for (let row = 0; row < table.rows; row++) {
    if (table.isMissing(row, column)) continue;
    const value = read(table.cell(row, column));
    if (value !== undefined) {
      values[row] = value;
      continue;
    }
    if (wrong === 0) first = row;
    wrong++;
  }
  if (wrong === 0) return { values, diagnostics: [] };
  const at = cellPlace(table, first, column, span);
  const found = {
    row: first,
    at,
    place: table.placeOf(first),
    value: table.cell(first, column),
    more: wrong - 1,
  };
  return { values, diagnostics: [report(found)] };
}

function firstMissing(values: Float64Array): { row: number; count: number } | undefined {
  const row = values.findIndex(Number.isNaN);
  if (row === -1) return undefined;
  return { row, count: values.reduce((n, x) => n + (Number.isNaN(x) ? 1 : 0), 0) };
}

function nameOf(table: Table, column: number): string {
  return shortened(table.columns[column] ?? "?");
}

function missingHint(value: string): string | undefined {
  if (!/^[-?.#*]+$|^(n\/?a|none|nil|missing|unknown|undefined)$/i.test(value)) return undefined;
  return `If it stands for a missing value, write \`missing: ["${value}"]\`.`;
}
