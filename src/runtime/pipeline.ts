import type { Column as DataColumn, Dataset } from "./dataset.js";
import type { FieldDescriptor, ModelDescriptor, TaskDescriptor } from "./descriptor.js";
import { encodeField, type EncodedField } from "./encode.js";
import { InputError } from "./errors.js";
import { names } from "./programs.js";
import { applyChain, fitChain, invertChain, type FittedStage, type Stage } from "./transforms/chain.js";
import { DataError } from "./transforms/index.js";

/** Raw rows of a caller: values by input and by task name. */
export interface RawData {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly labels?: Readonly<Record<string, unknown>>;
  readonly rowWeight?: unknown;
}

/** Fitted transforms by field name. */
export type Fitted = Record<string, readonly FittedStage[]>;

/** The transforms of a model's inputs and labels, fitted on a training part. */
export interface Pipelines {
  readonly fitted: Fitted;
  /** Predictions back in original units. */
  invert(task: TaskDescriptor, values: Float64Array): Float64Array;
}

export function pipelines(fitted: Fitted): Pipelines {
  return {
    fitted,
    invert(task, values) {
      const stages = Object.hasOwn(fitted, task.name) ? fitted[task.name]! : [];
      if (stages.length === 0) return values;
      const width = Math.max(1, task.width);
      return join(invertChain(stages, split(values, width)));
    },
  };
}

interface Encoded {
  readonly rows: number;
  readonly fields: ReadonlyMap<string, EncodedField>;
  readonly rowWeight: EncodedField | undefined;
}

/** Checks the names and lengths of what a caller gave, and turns it into numbers. */
export function encodeData(descriptor: ModelDescriptor, raw: RawData, withLabels: boolean): Encoded {
  const fields = new Map<string, EncodedField>();
  const take = (
    kind: "inputs" | "labels",
    given: Readonly<Record<string, unknown>>,
    wanted: readonly FieldDescriptor[],
  ) => {
    for (const name of Object.keys(given)) {
      if (!wanted.some((f) => f.name === name)) {
        throw new InputError(
          `${kind}.${name}: the model has no such ${kind === "inputs" ? "input" : "task"}; it has ${wanted.map((f) => f.name).join(", ")}.`,
        );
      }
    }
    for (const field of wanted) {
      if (!Object.hasOwn(given, field.name)) throw new InputError(`${kind}.${field.name} is missing.`);
      fields.set(field.name, encodeField(field, given[field.name], `${kind}.${field.name}`));
    }
  };
  take("inputs", raw.inputs, descriptor.inputs);
  if (withLabels) take("labels", raw.labels ?? {}, descriptor.tasks);
  const weight: FieldDescriptor = {
    name: "rowWeight",
    kind: "float",
    dims: [],
    width: 1,
    transforms: [],
    columns: [],
  };
  const rowWeight =
    withLabels && descriptor.rowWeight && raw.rowWeight !== undefined
      ? encodeField(weight, raw.rowWeight, "rowWeight")
      : undefined;
  const sizes = [...fields].map(([name, f]) => [name, f.rows] as const);
  const rows = sizes[0]?.[1] ?? 0;
  const other =
    sizes.find(([, n]) => n !== rows) ??
    (rowWeight && rowWeight.rows !== rows ? ["rowWeight", rowWeight.rows] : undefined);
  if (other) throw new InputError(`${other[0]} has ${other[1]} rows, but ${sizes[0]![0]} has ${rows}.`);
  return { rows, fields, rowWeight };
}

/** Fits every field's transforms on these rows. */
export function fitTransforms(descriptor: ModelDescriptor, encoded: Encoded): Fitted {
  const fitted: Fitted = {};
  for (const field of [...descriptor.inputs, ...descriptor.tasks]) {
    if (field.transforms.length === 0) continue;
    const { values } = encoded.fields.get(field.name)!;
    fitted[field.name] = located(field, () =>
      fitChain(field.transforms as readonly Stage[], split(values, field.width)),
    );
  }
  return fitted;
}

/** Applies fitted transforms and lays the rows out as program arguments. */
export function toDataset(
  descriptor: ModelDescriptor,
  encoded: Encoded,
  fitted: Fitted,
  precision: "float32" | "float64",
  withLabels: boolean,
): Dataset {
  const args: Record<string, DataColumn> = {};
  const labels: Record<string, Float64Array> = {};
  for (const field of descriptor.inputs) {
    const values = transformed(field, encoded, fitted);
    refuseGaps(field, values, encoded);
    const dims = field.kind === "category" || field.dims.length > 0 ? field.dims : [1];
    args[names.input(field.name)] = column(field, values, dims, precision);
  }
  if (withLabels) {
    for (const task of descriptor.tasks) {
      labels[task.name] = encoded.fields.get(task.name)!.values;
      addLabel(args, task, transformed(task, encoded, fitted), encoded.rows, precision);
    }
    if (descriptor.rowWeight) {
      const values = encoded.rowWeight?.values ?? new Float64Array(encoded.rows).fill(1);
      args[names.rowWeight] = { dtype: "float", dims: [], data: floats(values, precision) };
    }
  }
  return { rows: encoded.rows, arguments: args, labels };
}

/** Every input of every row has a value; one that a transform lost was beyond what numbers can hold. */
function refuseGaps(field: FieldDescriptor, values: Float64Array, encoded: Encoded): void {
  const gap = values.findIndex((x) => !Number.isFinite(x));
  if (gap < 0) return;
  const row = Math.floor((gap / values.length) * encoded.rows);
  const raw = encoded.fields.get(field.name)!.values.subarray(row * field.width, (row + 1) * field.width);
  const missing = raw.some((x) => Number.isNaN(x));
  const reason = missing
    ? "a value is missing, and an input must have all of them"
    : "a value is not finite, or became so in a transform";
  throw new InputError(`inputs.${field.name}, row ${row}: ${reason}.`);
}

function addLabel(
  args: Record<string, DataColumn>,
  task: TaskDescriptor,
  values: Float64Array,
  rows: number,
  precision: "float32" | "float64",
): void {
  const width = rows === 0 ? 1 : values.length / rows;
  const present = Float64Array.from({ length: rows }, (_, row) =>
    values.subarray(row * width, (row + 1) * width).some((x) => Number.isNaN(x)) ? 0 : 1,
  );
  const gap = present.indexOf(0);
  if (gap >= 0 && !task.optional) {
    throw new InputError(
      `labels.${task.name}, row ${gap}: the label is missing; declare it with \`?\` to allow that.`,
    );
  }
  const filled = values.map((x) => (Number.isNaN(x) ? 0 : x));
  args[names.label(task.name)] = column(task, filled, task.dims, precision);
  if (task.optional)
    args[names.present(task.name)] = { dtype: "float", dims: [], data: floats(present, precision) };
}

function column(
  field: FieldDescriptor,
  values: Float64Array,
  dims: readonly number[],
  precision: "float32" | "float64",
): DataColumn {
  if (field.kind === "category") return { dtype: "int", dims, data: Int32Array.from(values) };
  return { dtype: "float", dims, data: floats(values, precision) };
}

function floats(values: Float64Array, precision: "float32" | "float64"): Float32Array | Float64Array {
  return precision === "float64" ? values : Float32Array.from(values);
}

function transformed(field: FieldDescriptor, encoded: Encoded, fitted: Fitted): Float64Array {
  const { values } = encoded.fields.get(field.name)!;
  const stages = Object.hasOwn(fitted, field.name) ? fitted[field.name] : undefined;
  if (field.transforms.length === 0) return values;
  if (!stages)
    throw new InputError(
      `the transforms of ${field.name} are not fitted yet: call fit, or load a checkpoint.`,
    );
  return located(field, () => join(applyChain(stages, split(values, field.width))));
}

/** Rows of `width` numbers as one array a column. */
function split(values: Float64Array, width: number): Float64Array[] {
  const rows = values.length / width;
  return Array.from({ length: width }, (_, c) =>
    Float64Array.from({ length: rows }, (_, r) => values[r * width + c]!),
  );
}

function join(columns: readonly Float64Array[]): Float64Array {
  const width = columns.length;
  const values = new Float64Array((columns[0]?.length ?? 0) * width);
  columns.forEach((column, c) => column.forEach((x, r) => (values[r * width + c] = x)));
  return values;
}

/** Adds the field and its column to what a transform complains of. */
function located<T>(field: FieldDescriptor, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const column = field.columns[error.column] ?? `column ${error.column}`;
    const row = error.row === undefined ? "" : `, row ${error.row}`;
    throw new InputError(`${field.name} (${column}${row}): ${error.message}.`);
  }
}
