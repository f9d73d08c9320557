import { define } from "../define.js";

/** NN70xx: what a data file holds, and how its rows are dealt out. */
export const dataCodes = {
  NN7001: define<{ path: string; reason: string }>({
    severity: "error",
    title: "Data file cannot be read",
    explanation:
      "The file that `from:` names is not there, or may not be read. Paths are relative to the spec, not to the folder in which `nnc` was called.",
    message: ({ path, reason }) => `\`${path}\` cannot be read: ${reason}.`,
  }),
  NN7002: define<{ path: string }>({
    severity: "error",
    title: "Unknown kind of data file",
    explanation:
      "Data is read from `.csv`, `.tsv`, `.json` (a list of objects) and `.jsonl` (an object per line), each also compressed with gzip (`.csv.gz`).",
    message: ({ path }) => `The kind of \`${path}\` is not known.`,
    hint: "Data is read from `.csv`, `.tsv`, `.json` and `.jsonl` files, each also with `.gz`.",
  }),
  NN7003: define<{ path: string; place?: string | undefined; reason: string }>({
    severity: "error",
    title: "Malformed data file",
    explanation:
      "The file is not well-formed: a quote that is never closed, text behind a closing quote, JSON that does not parse, or a value that fits in no cell.",
    message: ({ path, place, reason }) =>
      `\`${path}\` is malformed${place === undefined ? "" : ` at ${place}`}: ${reason}.`,
  }),
  NN7004: define<{ path: string; reason: string }>({
    severity: "error",
    title: "Data file is not a text",
    explanation:
      "Data files are UTF-8 texts. A spreadsheet's own format, an image, or a text in another encoding has to be exported as UTF-8 CSV first.",
    message: ({ path, reason }) => `\`${path}\` is not a UTF-8 text: ${reason}.`,
    hint: "Export the data as UTF-8 CSV.",
  }),
  NN7005: define<{ path: string; what: string }>({
    severity: "error",
    title: "No data",
    explanation:
      "A data file needs at least one row besides its header. With `header: false` the first line is data too.",
    message: ({ path, what }) => `\`${path}\` ${what}.`,
  }),
  NN7006: define<{ path: string; limit: string }>({
    severity: "error",
    title: "Data file too large",
    explanation:
      "Data is read into memory as a whole, so a file may have up to 500 MB (uncompressed) and 50,000,000 cells.",
    message: ({ path, limit }) => `\`${path}\` is too large: it has more than ${limit}.`,
    hint: "Take a sample of the rows, or drop columns that the spec does not name.",
  }),
  NN7007: define<{ path: string; place: string; cells: number; expected: number; more: number }>({
    severity: "error",
    title: "Rows of different length",
    explanation:
      'Every row has as many cells as the header has names. A separator within a value has to stand in quotes: `"Smith, John"`.',
    message: ({ path, place, cells, expected, more }) => {
      const others = more === 0 ? "" : `, and ${more} more ${more === 1 ? "row differs" : "rows differ"}`;
      return `${place} of \`${path}\` has ${cells} ${cells === 1 ? "cell" : "cells"} where ${expected} are expected${others}.`;
    },
    hint: "A value with a separator in it has to stand in double quotes.",
  }),
  NN7008: define<{ path: string; column: string; first: number; second: number }>({
    severity: "error",
    title: "Two columns of one name",
    explanation:
      "Columns are found by name, so no two may share one that the spec names. With `header: false` they are `$1`, `$2`, ….",
    message: ({ path, column, first, second }) =>
      `Columns ${first} and ${second} of \`${path}\` are both called \`${column}\`.`,
  }),
  NN7009: define<{ path: string; column: string }>({
    severity: "error",
    title: "Column not in the data file",
    explanation:
      "The data section names a column that the file's header does not have. Names are case-sensitive; one that is no identifier is written in quotes.",
    message: ({ path, column }) => `\`${path}\` has no column \`${column}\`.`,
  }),
  NN7010: define<{ column: string; place: string; value: string; more: number }>({
    severity: "error",
    title: "Cell is not a number",
    explanation:
      'A column that feeds numbers holds something else. Decimals have a point; thousands are not grouped. What stands for a missing value can be listed: `missing: ["-", "?"]`.',
    message: ({ column, place, value, more }) =>
      `\`${value}\` in column \`${column}\`, ${place}, is not a number${moreCells(more)}.`,
  }),
  NN7011: define<{ column: string; place: string; value: string; names: string; more: number }>({
    severity: "error",
    title: "Value outside the declared ones",
    explanation:
      "A categorical input or label lists its values, and the column holds another one. Add it to the list, or to `missing:` if it stands for no value.",
    message: ({ column, place, value, names, more }) =>
      `\`${value}\` in column \`${column}\`, ${place}, is none of ${names}${moreCells(more)}.`,
  }),
  NN7012: define<{ column: string; place: string; input: string; count: number }>({
    severity: "error",
    title: "Missing value in an input",
    explanation:
      "Inputs are always there. Fill gaps with `impute(mean)`, `impute(median)` or `impute(0)`; `missing_indicator` before it tells the model where they were.",
    message: ({ column, place, input, count }) =>
      `Input \`${input}\` lacks ${count === 1 ? "a value" : `${count} values`}: column \`${column}\` is empty at ${place}.`,
  }),
  NN7013: define<{ column: string; place: string; task: string; count: number }>({
    severity: "error",
    title: "Missing value in a label",
    explanation:
      "A label may be missing only where its type ends in `?`. Rows without it then do not count for the task.",
    message: ({ column, place, task, count }) =>
      `Task \`${task}\` lacks ${count === 1 ? "a label" : `${count} labels`}: column \`${column}\` is empty at ${place}.`,
  }),
  NN7014: define<{ column: string; place: string; value: number; reason: string }>({
    severity: "error",
    title: "Value outside a transform's domain",
    explanation:
      "`log` takes values greater than 0 and `log1p` values greater than -1. `clip` before it sets a bound.",
    message: ({ column, place, value, reason }) => `${value} in column \`${column}\`, ${place}: ${reason}.`,
  }),
  NN7015: define<{ first: string; last: string }>({
    severity: "error",
    title: "Range of columns in the wrong order",
    explanation: "`first..last` means all columns from the first to the last, in the order of the file.",
    message: ({ first, last }) => `Column \`${first}\` comes after \`${last}\` in the file.`,
    hint: "Write the column that comes first in the file first.",
  }),
  NN7016: define<{ reason: string }>({
    severity: "error",
    title: "Bad split",
    explanation:
      "The parts of a split are shares of the rows that sum to 1:\n\n```nnspec\ndata { split: { train: 0.7, validation: 0.1, test: 0.2 } }\n```",
    message: ({ reason }) => `The data cannot be split like this: ${reason}.`,
  }),
  NN7017: define<{ part: string; rows: number }>({
    severity: "error",
    title: "Empty part",
    explanation: "A part that was asked for gets no row, because there are too few rows or too few groups.",
    message: ({ part, rows }) => `The ${part} part gets none of the ${rows} ${rows === 1 ? "row" : "rows"}.`,
    hint: "Leave the part out, give it a larger share, or use more data.",
  }),
  NN7018: define<{ value: string; place: string }>({
    severity: "error",
    title: "Unknown part in a split column",
    explanation: "A column that splits the data holds `train`, `validation` or `test` in every row.",
    message: ({ value, place }) =>
      `\`${value}\` at ${place} is none of \`train\`, \`validation\` and \`test\`.`,
  }),
  NN7020: define<{ column: string; place: string; value: string; reason: string }>({
    severity: "error",
    title: "Cell is no time",
    explanation:
      "A split `by: time(column)` has to know which row is earlier. The column holds numbers, or ISO 8601 dates: `2012-02-01`, `2012-02-01T05:00`, `2012-02-01 05:00:00+01:00`. In other notations, `1/2/2012` say, days and months cannot be told apart, and as texts such dates have another order than in time. All cells are of one kind: dates or numbers, with or without an offset from UTC.",
    message: ({ column, place, value, reason }) =>
      `${value === "" ? "The empty cell" : `\`${value}\``} in column \`${column}\`, ${place}, ${reason}.`,
    hint: "Write dates as `2012-02-01` or `2012-02-01T05:00:00`, or numbers that grow with time.",
  }),
  NN7021: define<{ column: string; place: string; value: number }>({
    severity: "error",
    title: "Number too large",
    explanation:
      "Models compute with floats of 32 bits, which end at 3.4e38; anything larger would be infinite. What counts is the number after the column's transforms: `scale` and `log` bring large ones down.",
    message: ({ column, place, value }) =>
      `${value} in column \`${column}\`, ${place}, is beyond what 32 bits hold (3.4e38).`,
  }),
  NN7019: define<{ column: string; place: string; value: string; count: number; more: number }>({
    severity: "error",
    title: "Index outside the declared range",
    explanation: "A column for `category(n)` holds whole numbers from 0 to n - 1.",
    message: ({ column, place, value, count, more }) =>
      `\`${value}\` in column \`${column}\`, ${place}, is not a whole number from 0 to ${count - 1}${moreCells(more)}.`,
  }),
  NN7023: define<{ path: string; place: string; what: string; most: number }>({
    severity: "error",
    title: "Cell or row too long",
    explanation:
      "A cell may have 10,000,000 bytes, and a row of separated values or an object of JSON 20,000,000: a file that has longer ones is most often another kind of file, or has a quote that is never closed, which makes one cell of all that follows.",
    message: ({ path, place, what, most }) =>
      `\`${path}\` has ${what} of more than ${most.toLocaleString("en")} bytes at ${place}.`,
    hint: "Look for a quote that is never closed; a row ends with its line, and a list of objects in a `.json` file has commas between them.",
  }),
};

function moreCells(more: number): string {
  if (more === 0) return "";
  return `; neither ${more === 1 ? "is 1 more cell" : `are ${more} more cells`}`;
}
