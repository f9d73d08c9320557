import type { FieldDescriptor, ModelDescriptor } from "./descriptor.js";
import { InputError } from "./errors.js";
import { listed, shown } from "./words.js";

type Row = Readonly<Record<string, unknown>>;

/** More names of inputs and columns are not listed in a message. */
const MOST_NAMES = 20;

/** One raw row as inputs of one row: by input names, or by the columns of the data section. */
export function rawRow(descriptor: ModelDescriptor, row: Row): Record<string, unknown> {
  if (typeof row !== "object" || row === null || Array.isArray(row))
    throw new InputError(`the row is an object with a value for each input, not ${shown(row)}.`);
  const { inputs, tasks } = descriptor;
  const columns = new Set(inputs.flatMap((field) => field.columns));
  const names = new Set(inputs.map((field) => field.name));
  const ignored = new Set(tasks.flatMap((task) => [task.name, ...task.columns]));
  for (const key of Object.keys(row)) {
    if (columns.has(key) || names.has(key) || ignored.has(key)) continue;
    const known = listed([...new Set([...names, ...columns])], MOST_NAMES);
    throw new InputError(
      `the row's ${JSON.stringify(key)} is no input; there is ${known}.${withoutColumns(inputs)}`,
    );
  }
  // A row with all columns of the data file is read by columns, even where one has the name of another input.
  const byColumns = columns.size > 0 && [...columns].every((column) => Object.hasOwn(row, column));
  // With several sources, inputs that the row does not name are left out.
  const wanted =
    descriptor.sources.length > 0 ? inputs.filter((field) => Object.hasOwn(row, field.name)) : inputs;
  return Object.fromEntries(
    wanted.map((field) => [field.name, byColumns ? cells(field, row) : named(field, row)]),
  );
}

/** What to give for inputs whose columns have no names here, such as those of a range. */
function withoutColumns(inputs: readonly FieldDescriptor[]): string {
  const wide = inputs.filter(({ columns, width }) => columns.length === 0 && width > 1).slice(0, MOST_NAMES);
  return wide.map(({ name, width }) => ` ${name} is given as a list of ${width} numbers.`).join("");
}

function cells(field: FieldDescriptor, row: Row): unknown[] {
  return field.columns.map((column) => (Object.hasOwn(row, column) ? row[column] : null));
}

function named(field: FieldDescriptor, row: Row): unknown[] {
  if (Object.hasOwn(row, field.name)) return [row[field.name]];
  if (field.columns.some((column) => Object.hasOwn(row, column))) return cells(field, row);
  const others = field.columns.filter((column) => column !== field.name).slice(0, 6);
  throw new InputError(
    `the row lacks ${others.length > 0 ? `${field.name} (or ${others.join(", ")})` : field.name}.`,
  );
}
