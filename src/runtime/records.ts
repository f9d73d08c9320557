import type { ModelDescriptor } from "./descriptor.js";
import { InputError } from "./errors.js";
import { isArrayLike } from "./nested.js";
import { RowReader, SOURCE, valueIn, WEIGHT, WEIGHTS, type Row } from "./row.js";
import { isObject, shown } from "./words.js";

/** Raw rows of a caller: values by input and by task name. */
export interface RawData {
  readonly inputs: object;
  readonly labels?: object | undefined;
  readonly rowWeight?: unknown;
  /** Weights of a task's rows, by the tasks that have them. */
  readonly rowWeights?: object | undefined;
  /** The source of each row, by name or index, where the spec has several. */
  readonly source?: unknown;
}

/** Values by the name of what they are of, row by row. */
type Columns = Map<string, unknown[]>;

/** Rows that come one by one, as values by input and task; a label that a row does not have is missing. */
export function fromRecords(
  descriptor: ModelDescriptor,
  records: readonly unknown[],
  withLabels: boolean,
): RawData {
  const { tasks, sources } = descriptor;
  const reader = new RowReader(descriptor, withLabels);
  const column = (): unknown[] => Array<unknown>(records.length).fill(null);
  const put = (columns: Columns, name: string, row: number, value: unknown) => {
    const found = columns.get(name) ?? column();
    found[row] = value;
    columns.set(name, found);
  };
  // An input that no row has is left out, which several sources allow.
  const inputs: Columns = new Map(
    sources.length > 0 ? [] : descriptor.inputs.map(({ name }) => [name, column()]),
  );
  const labels: Columns = new Map(tasks.map(({ name }) => [name, column()]));
  const weights: Columns = new Map();
  const beside: Columns = new Map();
  records.forEach((record, i) => {
    const where = records.length === 1 ? "the row" : `row ${i}`;
    const row = reader.check(record, where);
    const byColumns = reader.byColumns(row);
    for (const [{ name }, value] of reader.inputsOf(row, byColumns, where)) put(inputs, name, i, value);
    for (const task of withLabels ? tasks : [])
      put(labels, task.name, i, valueIn(row, task, byColumns)?.value ?? null);
    for (const key of [WEIGHT, SOURCE]) if (Object.hasOwn(row, key)) put(beside, key, i, row[key]);
    for (const [task, weight] of weightsIn(row, where)) put(weights, task, i, weight);
  });
  return {
    inputs: Object.fromEntries(inputs),
    labels: Object.fromEntries(labels),
    rowWeight: beside.get(WEIGHT),
    rowWeights: Object.fromEntries(weights),
    source: beside.get(SOURCE),
  };
}

function weightsIn(row: Row, where: string): [string, unknown][] {
  const given = Object.hasOwn(row, WEIGHTS) ? row[WEIGHTS] : undefined;
  if (given === undefined) return [];
  if (isObject(given) && !isArrayLike(given)) return Object.entries(given);
  throw new InputError(`${where}'s ${WEIGHTS} is an object with a weight by task, not ${shown(given)}.`);
}
