import { CsvError, parse } from "csv-parse/sync";
import type { Limits } from "./file.js";
import { problem } from "./problem.js";

/** Rows of cells, and the line of the file on which each ends. */
export interface Rows {
  readonly cells: string[][];
  readonly lines: number[];
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
export function readSeparated(path: string, bytes: Buffer, separator: string, limits: Limits): Rows {
  const lines: number[] = [];
  let count = 0;
  let ragged: { line: number; cells: number; expected: number; more: number } | undefined;
  let width = -1;
  const onRecord = (record: string[], { lines: line }: { lines: number }): string[] | null => {
    if (width === -1) width = record.length;
    count += record.length;
    if (count > limits.cells)
      throw problem("NN7006", { path, limit: `${limits.cells.toLocaleString("en")} cells` });
    if (record.length !== width) {
      if (ragged === undefined) ragged = { line, cells: record.length, expected: width, more: 0 };
      else ragged.more++;
      return null;
    }
    lines.push(line);
    return record;
  };
  let cells: string[][];
  try {
    cells = parse(bytes, {
      delimiter: separator,
      // Given outright: left to itself the parser takes the first kind of line break that it sees.
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      on_record: onRecord,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw malformed(path, error, (lines.at(-1) ?? 0) + 1);
  }
  if (ragged !== undefined) {
    const { line, ...rest } = ragged as { line: number; cells: number; expected: number; more: number };
    throw problem("NN7007", { path, place: `Line ${line}`, ...rest }, { line });
  }
  return { cells, lines };
}

function malformed(path: string, error: CsvError, next: number): Error {
  const { lines } = error as { lines?: unknown };
  const line = typeof lines === "number" ? lines : undefined;
  const at = (reason: string, where = line): Error => {
    const place = where === undefined ? undefined : `line ${where}`;
    return problem("NN7003", { path, place, reason }, { line: where });
  };
  switch (error.code) {
    case "CSV_QUOTE_NOT_CLOSED":
      // The parser knows only where the file ends.
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
