import { classCount } from "./class-count.js";
import type { TaskDescriptor } from "./descriptor.js";
import { metrics, type MetricResult } from "./metrics/index.js";
import { elementCount } from "./elements.js";

/** A metric of a label with several numbers or classes a row, computed for each of these columns alone, in its own units. */
export interface ColumnMetric<Column extends string = string> {
  /** The mean over the columns that have a value (scikit-learn's `uniform_average`). */
  readonly mean: number | null;
  /** By the columns of the data section, or by their places from 0 (`2`, `0,3`) where it names none. */
  readonly columns: Readonly<Record<Column, number | null>>;
}

/** Null where there is no value. */
export type MetricValue = number | null | ColumnMetric;

/** The one number that early stopping and tables of many tasks go by. */
export function meanOf(value: MetricValue | undefined): number | null {
  if (value === undefined || value === null) return null;
  return typeof value === "number" ? value : value.mean;
}

/** A task's labels and what was predicted for them, row by row; labels are NaN where they are missing. */
export interface Judgement {
  readonly predictions: Float64Array;
  readonly labels: Float64Array;
}

/** A task's metrics; what has no value adds a line to the warnings. */
export function measure(
  task: TaskDescriptor,
  judgement: Judgement,
  warnings: string[],
): Record<string, MetricValue> {
  const columns = columnsOf(task, judgement);
  const found = task.metrics.map(({ name, options }): [string, MetricValue] => {
    const metric = metrics.find((m) => m.name === name);
    if (!metric) throw new Error(`there is no metric ${name}`);
    const results = columns.map(({ column, input }) => ({ column, ...metric.compute(input, options) }));
    warn(task, name, results, warnings);
    const values = results.map(({ value }) => value);
    const [first = null] = values;
    if (columns.length === 1) return [name, first];
    const known = values.filter((value) => value !== null);
    const mean = known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
    return [name, { mean, columns: Object.fromEntries(results.map((r) => [r.column, r.value])) }];
  });
  return Object.fromEntries(found);
}

/** A warning names at most so many columns without a value, and gives the number of further ones. */
const NAMED = 5;

function warn(
  task: TaskDescriptor,
  metric: string,
  results: readonly (MetricResult & { readonly column: string })[],
  warnings: string[],
): void {
  const reasons = new Set(results.flatMap(({ reason }) => reason ?? []));
  for (const reason of reasons) {
    const lacking = results.filter((r) => r.reason === reason).map(({ column }) => column);
    const where =
      lacking.length === results.length
        ? ""
        : ` for ${lacking.length > NAMED ? `${lacking.length} of ${results.length} columns` : lacking.join(", ")}`;
    warnings.push(`${task.name}: ${metric} has no value${where}, because ${reason}.`);
  }
}

/** How many numbers or classes a row of the label has. */
export function labelColumns({ dims }: Pick<TaskDescriptor, "dims">): number {
  return elementCount(dims);
}

/** What a label's columns are called. */
export function columnNames({ dims, columns }: Pick<TaskDescriptor, "dims" | "columns">): string[] {
  const count = labelColumns({ dims });
  if (columns.length === count && new Set(columns).size === count) return [...columns];
  return Array.from({ length: count }, (_, i) => placeOf(i, dims).join());
}

function placeOf(index: number, dims: readonly number[]): number[] {
  return dims.map((d, axis) => {
    const inner = elementCount(dims.slice(axis + 1));
    return Math.floor(index / inner) % d;
  });
}

function columnsOf(task: TaskDescriptor, { predictions, labels }: Judgement) {
  const count = labelColumns(task);
  const rows = labels.length / count;
  const classes = task.kind === "category" ? classCount(task) : 2;
  const stride = task.kind === "category" ? classes : 1;
  return columnNames(task).map((name, c) => {
    const own = count === 1 ? labels : columnOf(labels, rows, count, c, 1);
    const said = count === 1 ? predictions : columnOf(predictions, rows, count, c, stride);
    const present = own.map((label) => (Number.isNaN(label) ? 0 : 1));
    return { column: name, input: { predictions: said, logits: task.logits, labels: own, present, classes } };
  });
}

/** One of several columns of `stride` numbers each. */
function columnOf(
  values: Float64Array,
  rows: number,
  count: number,
  c: number,
  stride: number,
): Float64Array {
  const column = new Float64Array(rows * stride);
  for (let r = 0; r < rows; r++) {
    const from = (r * count + c) * stride;
    column.set(values.subarray(from, from + stride), r * stride);
  }
  return column;
}
