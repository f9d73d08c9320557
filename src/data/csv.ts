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
  /** The first row of another length, if there is one, and how many more there are. */
  const ragged: { line: number; cells: number; expected: number }[] = [];
  let more = 0;
  let width = -1;
  const onRecord = (record: string[], { lines: line }: { lines: number }): string[] | null => {
    if (width === -1) width = record.length;
    count += record.length;
    if (count > limits.cells)
      throw problem("NN7006", { path, limit: `${limits.cells.toLocaleString("en")} cells` });
    if (record.length !== width) {
      if (ragged.length === 0) ragged.push({ line, cells: record.length, expected: width });
      else more++;
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
  const [first] = ragged;
  if (first !== undefined) {
    const { line, ...rest } = first;
    throw problem("NN7007", { path, place: `Line ${line}`, ...rest, more });
  }
  return { cells, lines };
}

function malformed(path: string, error: CsvError, next: number): Error {
  const lines = "lines" in error ? error.lines : undefined;
  const place = typeof lines === "number" ? `line ${lines}` : undefined;
  switch (error.code) {
    case "CSV_QUOTE_NOT_CLOSED":
      // The parser knows only where the file ends.
      return problem("NN7003", { path, place: `line ${next}`, reason: "a quote is never closed" });
    case "CSV_INVALID_CLOSING_QUOTE":
    case "CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE":
      return problem("NN7003", { path, place, reason: "text follows a closing quote" });
    case "INVALID_OPENING_QUOTE":
      return problem("NN7003", { path, place, reason: "a quote stands in the middle of a cell" });
    default:
      return problem("NN7003", { path, place, reason: "it is not a table of separated values" });
  }
}
