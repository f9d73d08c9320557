import type { Diagnostic } from "../diagnostics/index.js";
import type { Span } from "../source/index.js";
import { findSeparator, readSeparated } from "./csv.js";
import { defaultLimits, readTextFile, type Limits } from "./file.js";
import { readJson, readJsonLines, type Records } from "./json.js";
import { DataProblem, problem, shortened } from "./problem.js";
import { makeTable, type Table } from "./table.js";

export interface TableOptions {
  /** Cells that stand for a missing value, besides an empty one, NA, NaN and null. */
  readonly missing: readonly string[];
  /** Whether the first line of separated values holds names; without one they are `$1`, `$2`, …. */
  readonly header: boolean;
  readonly limits?: Partial<Limits>;
}

/** A table, or the reason why there is none. */
export interface TableResult {
  readonly value: Table | undefined;
  readonly diagnostics: Diagnostic[];
}

/** Reads a data file. `span`, the place of `from:` in the spec, is blamed for what is wrong with it. */
export function readTable(path: string, options: TableOptions, span: Span): TableResult {
  try {
    const limits = { ...defaultLimits, ...options.limits };
    return { value: read(path, options, limits), diagnostics: [] };
  } catch (error) {
    if (!(error instanceof DataProblem)) throw error;
    return { value: undefined, diagnostics: [error.at(span)] };
  }
}

function read(path: string, options: TableOptions, limits: Limits): Table {
  const kind = /\.(csv|tsv|json|jsonl)(\.gz)?$/i.exec(path)?.[1]?.toLowerCase();
  if (kind === undefined) throw problem("NN7002", { path });
  const bytes = readTextFile(path, limits);
  if (kind === "json") return fromRecords(path, readJson(path, bytes.toString("utf8"), limits), options);
  if (kind === "jsonl")
    return fromRecords(path, readJsonLines(path, bytes.toString("utf8"), limits), options);
  return fromSeparated(path, bytes, kind === "tsv" ? "\t" : findSeparator(bytes), options, limits);
}

function fromRecords(path: string, { columns, cells, places }: Records, { missing }: TableOptions): Table {
  if (cells.length === 0) throw problem("NN7005", { path, what: "holds no rows" });
  if (columns.length === 0) throw problem("NN7005", { path, what: "has rows without any value" });
  return makeTable({ path, columns, cells, missing, placeOf: (row) => places[row] ?? "the end" });
}

function fromSeparated(
  path: string,
  bytes: Buffer,
  separator: string,
  { header, missing }: TableOptions,
  limits: Limits,
): Table {
  const { cells, lines } = readSeparated(path, bytes, separator, limits);
  const first = cells[0];
  if (first === undefined) throw problem("NN7005", { path, what: "is empty" });
  const columns = header ? first : first.map((_, i) => `$${i + 1}`);
  if (header) {
    checkNames(path, columns);
    cells.shift();
    lines.shift();
  }
  if (cells.length === 0) throw problem("NN7005", { path, what: "has a header and no rows" });
  return makeTable({ path, columns, cells, missing, placeOf: (row) => `line ${lines[row] ?? "?"}` });
}

function checkNames(path: string, columns: readonly string[]): void {
  const seen = new Map<string, number>();
  columns.forEach((column, i) => {
    const first = seen.get(column);
    if (first !== undefined) {
      throw problem("NN7008", { path, column: shortened(column), first: first + 1, second: i + 1 });
    }
    seen.set(column, i);
  });
}
