import { parseNumber } from "./number.js";
import { shortened } from "./problem.js";
import type { Table } from "./table.js";

/** More different values of a column are not told apart. */
const MOST_VALUES = 1_000;

/** The different values of a column, those that are missing left out. */
export function valuesOf(table: Table, column: number): ReadonlySet<string> {
  const values = new Set<string>();
  for (let row = 0; row < table.rows && values.size < MOST_VALUES; row++)
    if (!table.isMissing(row, column)) values.add(table.cell(row, column));
  return values;
}

/** The hint for a column of numbers where the type declares names that are none. */
export function numberedHint(values: ReadonlySet<string>, names: readonly string[]): string | undefined {
  const numbers = [...values].map((value) => parseNumber(value));
  if (numbers.includes(undefined) || names.some((name) => parseNumber(name) !== undefined)) return undefined;
  if (values.size > names.length) return tooMany(values, names.length);
  const counts = (x: number | undefined) =>
    x !== undefined && Number.isInteger(x) && x >= 0 && x < names.length;
  if (!numbers.every(counts))
    return `The file has numbers: name the classes as it does, \`category(${quoted(values)})\`.`;
  return names.length === 2
    ? "The file has 0 and 1: write `binary`, or give the names in the file."
    : `The file has numbers: write \`category(${names.length})\`, which counts from 0, or name the classes as the file does.`;
}

/** The hint for a column that is to hold two values. */
export function twoValuesHint(values: ReadonlySet<string>): string {
  const numbers = [...values].every((value) => parseNumber(value) !== undefined);
  if (values.size > 2 && numbers) return tooMany(values, 2);
  const names = values.size === 2 ? quoted(values) : '"no", "yes"';
  return `Name the two values: \`binary(${names})\`.`;
}

function tooMany({ size }: ReadonlySet<string>, classes: number): string {
  const count = size === MOST_VALUES ? `${MOST_VALUES.toLocaleString("en")} or more` : String(size);
  return `The column has ${count} different values, and ${classes} are declared: is another column meant, or a \`float\`?`;
}

function quoted(values: ReadonlySet<string>): string {
  const shown = [...values].slice(0, 8).map((value) => JSON.stringify(shortened(value)));
  return values.size > 8 ? `${shown.join(", ")}, …` : shown.join(", ");
}

/** The hint for the value `count`, one above the last index, which shows that the file counts classes from 1. */
export function countedFromOne(value: string, count: number): string | undefined {
  if (parseNumber(value) !== count) return undefined;
  const names =
    count <= 8 ? Array.from({ length: count }, (_, i) => `"${i + 1}"`) : ['"1"', '"2"', "…", `"${count}"`];
  return `Classes count from 0, and this file counts from 1: name them, \`category(${names.join(", ")})\`.`;
}
