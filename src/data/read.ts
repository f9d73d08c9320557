import type { Diagnostic } from "../diagnostics/index.js";
import { wholeFile, type Span } from "../source/index.js";
import { parseNumber } from "./number.js";
import { statSync } from "node:fs";
import { STANDARD_INPUT } from "./bounded-read.js";
import { findSeparator, readSeparated } from "./csv.js";
import { defaultLimits, readTextFile, type Limits } from "./file.js";
import { placeText } from "./json-items.js";
import { readJson, readJsonLines, type Records } from "./json.js";
import { DataProblem, problem, type FilePart, shortened } from "./problem.js";
import { isOutside, jsonLineCell, jsonListCell, lineSpan, separatedCell, type ShownFile } from "./shown.js";
import { makeTable, type Table } from "./table.js";
import type { WantedColumns } from "./wanted.js";

export interface TableOptions {
  /** Cells that stand for a missing value, besides an empty one, NA, NaN and null. */
  readonly missing: readonly string[];
  /** Whether the first line of separated values holds names; without one they are `$1`, `$2`, …. */
  readonly header: boolean;
  /** The columns that are read; all of them where that is left out. */
  readonly wanted?: WantedColumns;
  readonly limits?: Partial<Limits>;
}

/** A table, or the reason why there is none. */
export interface TableResult {
  readonly value: Table | undefined;
  readonly diagnostics: Diagnostic[];
}

/** Where a data file lies, and whether it stands in for the one that the spec names. */
export interface DataFile {
  readonly path: string;
  readonly instead: boolean;
}

/** Reads a data file. `span` is the place of `from:` in the spec, which is blamed where no line of the file is. */
export function readTable({ path, instead }: DataFile, options: TableOptions, span: Span): TableResult {
  const limits = { ...defaultLimits, ...options.limits };
  const file = { path, limits, hidden: isOutside(path, span.source.path), instead };
  try {
    return { value: read(file, options), diagnostics: [] };
  } catch (error) {
    if (!(error instanceof DataProblem)) throw error;
    return { value: undefined, diagnostics: [located(error, file, span)] };
  }
}

interface OpenFile extends ShownFile, DataFile {}

function located(error: DataProblem, file: OpenFile, from: Span): Diagnostic {
  const part = error.part && partSpan(file, error.part);
  if (file.instead) return error.at(part ?? wholeFile(file.path));
  return part === undefined ? error.at(from) : error.at(part, [{ span: from, message: "read here" }]);
}

function partSpan(file: OpenFile, part: FilePart): Span | undefined {
  if ("item" in part) return jsonListCell(file, part.item - 1, part.key);
  if (part.key !== undefined) return jsonLineCell(file, part.line, part.key);
  return lineSpan(file, part.line, part);
}

function read(file: OpenFile, options: TableOptions): Table {
  const { path, limits } = file;
  const named = /\.(csv|tsv|json|jsonl)(\.gz)?$/i.exec(path)?.[1]?.toLowerCase();
  if (named === undefined && !isPipe(file)) throw problem("NN7002", { path });
  const { bytes, again } = readTextFile({ path, limits, stdin: file.instead });
  if (!again) file.text = bytes;
  const kind = named ?? kindOf(bytes);
  const { wanted } = options;
  if (kind === "json") return fromRecords(file, readJson(path, bytes, { limits, wanted }), options);
  if (kind === "jsonl") return fromRecords(file, readJsonLines(path, bytes, { limits, wanted }), options);
  return fromSeparated(file, bytes, kind === "tsv" ? "\t" : findSeparator(bytes), options);
}

/** What a shell makes of a pipe has no ending to its name. */
function isPipe({ path, instead }: OpenFile): boolean {
  if (path === STANDARD_INPUT && instead) return true;
  try {
    const found = statSync(path);
    return !found.isFile() && !found.isDirectory();
  } catch {
    return false;
  }
}

/** What a text is, by its first character. */
function kindOf(bytes: Buffer): "csv" | "json" | "jsonl" {
  const first = /^\s*(.)/s.exec(bytes.subarray(0, 4096).toString("utf8"))?.[1];
  return first === "[" ? "json" : first === "{" ? "jsonl" : "csv";
}

function fromRecords(
  file: OpenFile,
  { columns, cells, kept, places }: Records,
  { missing }: TableOptions,
): Table {
  const { path } = file;
  if (cells.length === 0) throw problem("NN7005", { path, what: "holds no rows" });
  if (columns.length === 0) throw problem("NN7005", { path, what: "has rows without any value" });
  const placeOf = (row: number): string => {
    const place = places[row];
    return place === undefined ? "the end" : placeText(place);
  };
  const spanOf = (row: number, column: number): Span | undefined => {
    const [place, key] = [places[row], columns[column]];
    if (place === undefined || key === undefined) return undefined;
    return "line" in place ? jsonLineCell(file, place.line, key) : jsonListCell(file, place.item - 1, key);
  };
  return makeTable({
    path,
    columns,
    cells,
    kept,
    missing,
    placeOf,
    spanOf,
    header: () => beginning(file, 1),
  });
}

/** Where to report a missing column: in a file that replaces the spec's own; undefined for that, as then the spec is wrong. */
function beginning(file: OpenFile, line: number): Span | undefined {
  return file.instead ? (lineSpan(file, line) ?? wholeFile(file.path)) : undefined;
}

function fromSeparated(
  file: OpenFile,
  bytes: Buffer,
  separator: string,
  { header, missing, wanted }: TableOptions,
): Table {
  const { path, limits } = file;
  const { first, cells, kept, lines } = readSeparated(path, bytes, { separator, header, limits, wanted });
  if (first === undefined) throw problem("NN7005", { path, what: "is empty" });
  const columns = header ? first : first.map((_, i) => `$${i + 1}`);
  const [firstLine = 1] = lines;
  if (header) {
    checkNames(path, columns, wanted, firstLine);
    lines.shift();
  }
  if (cells.length === 0) throw problem("NN7005", { path, what: "has a header and no rows" });
  const spanOf = (row: number, column: number): Span | undefined => {
    const last = lines[row];
    if (last === undefined) return undefined;
    const after = lines[row - 1] ?? (header ? firstLine : 0);
    return separatedCell(file, separator, { after, last }, column);
  };
  return makeTable({
    path,
    columns,
    cells,
    kept,
    missing,
    placeOf: (row) => `line ${lines[row] ?? "?"}`,
    spanOf,
    header: () => beginning(file, firstLine),
  });
}

function checkNames(
  path: string,
  columns: readonly string[],
  wanted: WantedColumns | undefined,
  line: number,
): void {
  const seen = new Map<string, number>();
  columns.forEach((column, i) => {
    const first = seen.get(column);
    if (first !== undefined && (!wanted || wanted.names.has(column))) {
      const parameters = { path, column: shortened(column), first: first + 1, second: i + 1 };
      const hint = columns.some((name) => parseNumber(name) !== undefined)
        ? "If the first line holds data and no names, write `header: false`; columns are then `$1`, `$2`, …."
        : "Give one of them another name in the file.";
      throw problem("NN7008", parameters, { part: { line }, hint });
    }
    seen.set(column, i);
  });
}
