import type { FieldDescriptor, ModelDescriptor } from "./descriptor.js";
import { InputError } from "./errors.js";
import { isArrayLike, isNothing } from "./nested.js";
import { isObject, listed, shown } from "./words.js";

/** A raw row of a caller, by input and task names, or by the columns of the data section. */
export type Row = Readonly<Record<string, unknown>>;

/** More names of inputs and columns are not listed in a message. */
const MOST_NAMES = 20;

/** What a row may say of itself beside its values, as callers call it for all rows. */
export const [WEIGHT, WEIGHTS, SOURCE] = ["rowWeight", "rowWeights", "source"] as const;

/** Reads rows that come as objects, for a model. */
export class RowReader {
  readonly #descriptor: ModelDescriptor;
  readonly #columns: readonly string[];
  /** What a row is meant to have. */
  readonly #wanted: ReadonlySet<string>;
  /** What else it may have, which is not read. */
  readonly #ignored: ReadonlySet<string>;

  constructor(descriptor: ModelDescriptor, withLabels: boolean) {
    const { inputs, tasks, rowWeight, sources } = descriptor;
    const beside = [
      ...(rowWeight ? [WEIGHT] : []),
      ...(tasks.some((task) => task.rowWeight) ? [WEIGHTS] : []),
      ...(sources.length > 0 ? [SOURCE] : []),
    ];
    const [ofInputs, ofLabels] = [namesOf(inputs), [...namesOf(tasks), ...beside]];
    this.#descriptor = descriptor;
    this.#columns = inputs.flatMap((field) => field.columns);
    this.#wanted = new Set(withLabels ? [...ofInputs, ...ofLabels] : ofInputs);
    this.#ignored = new Set(withLabels ? [] : ofLabels);
  }

  /** The row as an object with nothing but what the model knows; `where` names it in messages. */
  check(row: unknown, where: string): Row {
    if (!isObject(row) || isArrayLike(row))
      throw new InputError(`${where} is an object with a value for each input, not ${shown(row)}.`);
    for (const key of Object.keys(row)) {
      if (!this.#wanted.has(key) && !this.#ignored.has(key)) this.#refuse(key, where);
    }
    // An object that is no list has values by its keys.
    return row as Row;
  }

  /** Whether a row has all columns of the data file, and is read by them even where one has the name of another input. */
  byColumns(row: Row): boolean {
    return this.#columns.length > 0 && this.#columns.every((column) => Object.hasOwn(row, column));
  }

  /** The value of each input of a row. With several sources, inputs that the row does not name are left out. */
  inputsOf(row: Row, byColumns: boolean, where: string): [FieldDescriptor, unknown][] {
    const { inputs, sources } = this.#descriptor;
    const wanted = sources.length > 0 ? inputs.filter((field) => Object.hasOwn(row, field.name)) : inputs;
    return wanted.map((field) => {
      const value = valueIn(row, field, byColumns);
      if (value !== undefined) return [field, value.value];
      const others = field.columns.filter((column) => column !== field.name).slice(0, 6);
      throw new InputError(
        `${where} lacks ${others.length > 0 ? `${field.name} (or ${others.join(", ")})` : field.name}.`,
      );
    });
  }

  #refuse(key: string, where: string): never {
    throw new InputError(
      `${where}'s ${shown(key)} is unknown; there is ${listed([...this.#wanted], MOST_NAMES)}.${withoutColumns(this.#descriptor.inputs)}`,
    );
  }
}

function namesOf(fields: readonly FieldDescriptor[]): string[] {
  return [...fields.map(({ name }) => name), ...fields.flatMap(({ columns }) => columns)];
}

/** What a row has for a field, in the shape of a row; undefined where it says nothing of it. */
export function valueIn(
  row: Row,
  field: FieldDescriptor,
  byColumns: boolean,
): { readonly value: unknown } | undefined {
  const { name, columns, width } = field;
  const has = (key: string) => Object.hasOwn(row, key);
  const mapped = columns.some(has);
  if (has(name) && !(byColumns && mapped)) return { value: asRow(row[name], width) };
  if (!mapped) return undefined;
  const cells = columns.map((column) => (has(column) ? row[column] : null));
  return { value: width === 1 ? cells[0] : cells };
}

/** A single value that stands for several is a row of one, and told as that. */
function asRow(value: unknown, width: number): unknown {
  const isSingle = width > 1 && !isNothing(value) && !isArrayLike(value);
  return isSingle ? [value] : value;
}

/** What to give for inputs whose columns have no names here, such as those of a range. */
function withoutColumns(inputs: readonly FieldDescriptor[]): string {
  const wide = inputs.filter(({ columns, width }) => columns.length === 0 && width > 1).slice(0, MOST_NAMES);
  return wide.map(({ name, width }) => ` ${name} is given as a list of ${width} numbers.`).join("");
}
