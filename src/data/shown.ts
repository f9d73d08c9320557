import { realpathSync } from "node:fs";
import { dirname, relative, sep } from "node:path";
import type { RelatedPlace } from "../diagnostics/index.js";
import { readJsonText } from "../document/json-places.js";
import { pointerKey } from "../document/places.js";
import { makeSource, span, type Source, type Span } from "../source/index.js";
import { readTextFile, type Limits } from "./file.js";
import type { Table } from "./table.js";

/** A data file whose lines messages quote. It is read again for that, since messages are few and files are large. */
export interface ShownFile {
  readonly path: string;
  readonly limits: Limits;
  /** Whether its lines are not quoted, as it lies outside the spec's folder. */
  readonly hidden: boolean;
  /** The text, where reading the file again would not give it. */
  text?: Buffer;
}

/** A line that is longer is not shown. */
const longestLine = 100_000;
/** JSON that is longer is not searched for a place. */
const longestJson = 5_000_000;

/** Whether a file lies outside the folder of a spec, wherever links lead. */
export function isOutside(path: string, spec: string): boolean {
  try {
    const way = relative(realpathSync(dirname(spec)), realpathSync(path));
    return way.startsWith(`..${sep}`) || way === "..";
  } catch {
    return true;
  }
}

/** The lines `first` to `last` of a file, counted from 1, or nothing where they cannot be shown. */
function linesOf(file: ShownFile, first: number, last: number): Source | undefined {
  const { path, hidden } = file;
  const bytes = textOf(file);
  if (bytes === undefined) return undefined;
  let line = 1;
  let start = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] === 13 && bytes[i + 1] === 10) continue;
    if (bytes[i] !== 10 && bytes[i] !== 13) continue;
    if (line === last) return excerpt(bytes.subarray(start, i));
    line++;
    if (line === first) start = i + 1;
  }
  return line === last ? excerpt(bytes.subarray(start)) : undefined;

  function excerpt(part: Buffer): Source | undefined {
    if (part.length > longestLine) return undefined;
    return makeSource(path, part.toString("utf8"), { hidden, firstLine: first - 1 });
  }
}

/** The file's text; undefined if it can no longer be read. */
function textOf({ path, limits, text }: ShownFile): Buffer | undefined {
  try {
    return text ?? readTextFile({ path, limits }).bytes;
  } catch {
    return undefined;
  }
}

/** A line, counted from 1, or the characters `from` to `to` of it. */
export function lineSpan(
  file: ShownFile,
  line: number,
  { from = 0, to }: { readonly from?: number; readonly to?: number } = {},
): Span | undefined {
  const source = linesOf(file, line, line);
  return source && span(source, from, to ?? source.text.length);
}

/** Where a row of separated values stands: behind the line that ends the row before, up to its own last line. */
export interface RowLines {
  readonly after: number;
  readonly last: number;
}

/** The cell of a row of separated values. */
export function separatedCell(
  file: ShownFile,
  separator: string,
  { after, last }: RowLines,
  column: number,
): Span | undefined {
  const source = linesOf(file, after + 1, last);
  if (source === undefined) return undefined;
  const { text } = source;
  const from = text.length - text.trimStart().length;
  let start = from;
  let quoted = false;
  let at = 0;
  for (let i = from; i <= text.length; i++) {
    if (text[i] === '"') quoted = !quoted;
    if (i < text.length && (quoted || text[i] !== separator)) continue;
    if (at++ === column) return trimmed(source, start, i);
    start = i + 1;
  }
  return span(source, from, text.length);
}

/** The span without the blanks around the cell, unless it is all blank. */
function trimmed(source: Source, start: number, end: number): Span {
  const cell = source.text.slice(start, end);
  const inner = cell.trim();
  if (inner === "") return span(source, start, end);
  const from = start + cell.indexOf(inner);
  return span(source, from, from + inner.length);
}

/** The value of a key of an object on a line of its own; the object where it lacks the key. */
export function jsonLineCell(file: ShownFile, line: number, key: string): Span | undefined {
  const source = linesOf(file, line, line);
  return source && jsonCell(source, "", key);
}

/** The value of a key of the n-th object of a list, or the whole object. */
export function jsonListCell(file: ShownFile, row: number, key: string | undefined): Span | undefined {
  const bytes = textOf(file);
  if (bytes === undefined || bytes.length > longestJson) return undefined;
  return jsonCell(makeSource(file.path, bytes.toString("utf8"), { hidden: file.hidden }), `/${row}`, key);
}

function jsonCell(source: Source, pointer: string, key: string | undefined): Span | undefined {
  const read = readJsonText(source);
  if ("problem" in read) return undefined;
  if (key === undefined) return read.places.get(pointer);
  return read.places.get(`${pointer}/${pointerKey(key)}`) ?? read.places.get(pointer);
}

/** Where a message about a cell points, and from where in the spec the cell is read. */
export interface CellPlace {
  readonly span: Span;
  readonly related: readonly RelatedPlace[];
}

/** The cell in its file; the place in the spec alone where the file cannot be shown. */
export function cellPlace(table: Table, row: number, column: number, spec: Span): CellPlace {
  const cell = table.spanOf(row, column);
  return cell === undefined
    ? { span: spec, related: [] }
    : { span: cell, related: [{ span: spec, message: "read here" }] };
}
