import { CsvError, parse } from "csv-parse/sync";
import type { Limits } from "./file.js";
import { problem } from "./problem.js";
import { indicesOf, type WantedColumns } from "./wanted.js";

/** Rows of cells, and the line of the file on which each ends. */
export interface Rows {
  /** The cells of the first row, all of them. */
  readonly first: readonly string[] | undefined;
  /** Those of the others that are wanted. */
  readonly cells: string[][];
  /** Where cells of the kept ones stand in the file's rows. */
  readonly kept: readonly number[];
  readonly lines: number[];
}

/** How a file is read: how much of it, which columns, and whether its first line names them. */
export interface SeparatedOptions {
  readonly separator: string;
  readonly header: boolean;
  readonly limits: Limits;
  readonly wanted: WantedColumns | undefined;
}

/** Comma, semicolon or tab: what the first line has most of, outside quotes. */
export function findSeparator(bytes: Buffer): string {
  const counts = { ",": 0, ";": 0, "\t": 0 };
  let quoted = false;
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    if (character === '"') quoted = !quoted;
    if (quoted) continue;
    if (character === "\n" || character === "\r") break;
    if (character === "," || character === ";" || character === "\t") counts[character]++;
  }
  if (counts["\t"] > counts[","] && counts["\t"] > counts[";"]) return "\t";
  return counts[";"] > counts[","] ? ";" : ",";
}

/** Reads separated values. Blank lines are skipped; a row of another length than the first is a problem. */
export function readSeparated(path: string, bytes: Buffer, options: SeparatedOptions): Rows {
  const { separator, limits } = options;
  refuseLong(path, bytes, separator, limits);
  const reading = new Reading(path, options);
  let cells: string[][];
  try {
    cells = parse(bytes, {
      delimiter: separator,
      // Listed since the parser would otherwise expect the first kind of line break that it sees in the whole file.
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      on_record: (record: string[], { lines }: { lines: number }) => reading.take(record, lines),
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw malformed(path, error, (reading.lines.at(-1) ?? 0) + 1);
  }
  reading.refuseRagged();
  const { first, kept, lines } = reading;
  return { first, cells, kept, lines };
}

const [QUOTE, NEWLINE, RETURN] = [34, 10, 13];

/** Cells and lines are bounded before any memory is taken for them; an open quote makes one cell of all that follows. */
function refuseLong(path: string, bytes: Buffer, separator: string, { cell, line }: Limits): void {
  const between = separator.charCodeAt(0);
  let [quoted, cellStart, lineStart, number] = [false, 0, 0, 1];
  for (let i = 0; i <= bytes.length; i++) {
    const byte = bytes[i];
    const breaks = byte === NEWLINE || byte === RETURN;
    if (i - cellStart > cell || i - lineStart > line) {
      const [what, most] = i - cellStart > cell ? (["a cell", cell] as const) : (["a row", line] as const);
      throw problem("NN7023", { path, place: `line ${number}`, what, most });
    }
    if (byte === QUOTE) quoted = !quoted;
    else if (!quoted && breaks) cellStart = lineStart = i + 1;
    else if (!quoted && byte === between) cellStart = i + 1;
    if (byte === NEWLINE || (byte === RETURN && bytes[i + 1] !== NEWLINE)) number++;
  }
}

/** Checks rows while they are read: their widths, and how many cells there are. */
class Reading {
  /** The lines on which the kept rows end. */
  readonly lines: number[] = [];
  first: readonly string[] | undefined;
  kept: readonly number[] = [];
  private cells = 0;
  private ragged: { line: number; cells: number; expected: number; more: number } | undefined;

  constructor(
    private readonly path: string,
    private readonly options: SeparatedOptions,
  ) {}

  /** What is to be kept of a row; null where it is of another length than the first, or names the columns. */
  take(record: string[], line: number): string[] | null {
    const { path, options } = this;
    const { limits, header, wanted } = options;
    const isFirst = this.first === undefined;
    const first = (this.first ??= record);
    if (isFirst) this.kept = indicesOf(header ? first : first.map((_, i) => `$${i + 1}`), wanted);
    this.cells += this.kept.length;
    if (this.cells > limits.cells)
      throw problem("NN7006", { path, limit: `${limits.cells.toLocaleString("en")} cells` });
    if (record.length !== first.length) {
      if (this.ragged) this.ragged.more++;
      else this.ragged = { line, cells: record.length, expected: first.length, more: 0 };
      return null;
    }
    this.lines.push(line);
    if (isFirst && header) return null;
    return this.kept.length === first.length ? record : this.kept.map((i) => record[i]!);
  }

  refuseRagged(): void {
    if (!this.ragged) return;
    const { line, ...rest } = this.ragged;
    const hint =
      rest.cells < rest.expected
        ? "A row has a cell for each column: an empty one still has its separator."
        : undefined;
    throw problem("NN7007", { path: this.path, place: `Line ${line}`, ...rest }, { part: { line }, hint });
  }
}

function malformed(path: string, error: CsvError, next: number): Error {
  const lines = "lines" in error ? error.lines : undefined;
  const line = typeof lines === "number" ? lines : undefined;
  const at = (reason: string, where = line): Error => {
    const place = where === undefined ? undefined : `line ${where}`;
    return problem(
      "NN7003",
      { path, place, reason },
      { part: where === undefined ? undefined : { line: where } },
    );
  };
  switch (error.code) {
    case "CSV_QUOTE_NOT_CLOSED":
      // The parser reports the end of the file here, so say where the row with the quote begins.
      return at("a quote is never closed", next);
    case "CSV_INVALID_CLOSING_QUOTE":
    case "CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE":
      return at("text follows a closing quote");
    case "INVALID_OPENING_QUOTE":
      return at("a quote stands in the middle of a cell");
    default:
      return at("it is not a table of separated values");
  }
}
