import type { EncodedField } from "./encode.js";
import { valuesOf, type Encoded } from "./raw-data.js";
import type { Column as DataColumn, Dataset } from "./dataset.js";
import type { FieldDescriptor, ModelDescriptor, TaskDescriptor } from "./descriptor.js";
import { InputError } from "./errors.js";
import { fitsFloat32, refuseTooLarge, tooLarge } from "./float32.js";
import { names } from "./programs.js";
import { applyChain, fitChain, invertChain, type FittedStage } from "./transforms/chain.js";
import { DataError } from "./transforms/index.js";
import { elementCount } from "./elements.js";

/** Fitted transforms by field name. */
export type Fitted = ReadonlyMap<string, readonly FittedStage[]>;

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
      const stages = fitted.get(task.name) ?? [];
      if (stages.length === 0) return values;
      const width = Math.max(1, task.width);
      return join(invertChain(stages, split(values, width)));
    },
  };
}

/** Fits every field's transforms on these rows. */
export function fitTransforms(descriptor: ModelDescriptor, encoded: Encoded): Fitted {
  const fitted = new Map<string, readonly FittedStage[]>();
  for (const field of [...descriptor.inputs, ...descriptor.tasks]) {
    if (field.transforms.length === 0) continue;
    const values = encoded.fields.get(field.name)?.values ?? new Float64Array();
    const stages = located(field, () => fitChain(field.transforms, split(values, field.width)));
    fitted.set(field.name, stages);
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
  const args = new Map<string, DataColumn>();
  const labels = new Map<string, Float64Array>();
  for (const field of descriptor.inputs) {
    const dims = field.kind === "category" || field.dims.length > 0 ? field.dims : [1];
    const values = encoded.fields.has(field.name)
      ? filledWhere(lacksInput(descriptor, field, encoded), transformed(field, encoded, fitted), encoded.rows)
      : new Float64Array(encoded.rows * elementCount(dims));
    refuseGaps(field, values, encoded);
    args.set(names.input(field.name), column(field, values, dims, precision));
  }
  if (withLabels) {
    for (const task of descriptor.tasks) {
      labels.set(task.name, valuesOf(encoded, task.name));
      refuseForeign(descriptor, task, encoded);
      addLabel(args, task, transformed(task, encoded, fitted), encoded.rows, precision);
    }
    if (descriptor.rowWeight) {
      args.set(names.rowWeight, weights("rowWeight", encoded.rowWeight, encoded.rows, precision));
    }
    for (const task of descriptor.tasks) {
      if (!task.rowWeight) continue;
      const own = encoded.rowWeights.get(task.name);
      args.set(
        names.taskRowWeight(task.name),
        weights(`rowWeights.${task.name}`, own, encoded.rows, precision),
      );
    }
  }
  return { rows: encoded.rows, arguments: args, labels, sources: encoded.sources };
}

function weights(
  where: string,
  given: EncodedField | undefined,
  rows: number,
  precision: "float32" | "float64",
): DataColumn {
  const values = given?.values ?? new Float64Array(rows).fill(1);
  refuseTooLarge(where, values, rows);
  return { dtype: "float", dims: [], data: floats(values, precision) };
}

/** Throws for labels of rows whose source lacks an input that the task depends on. */
function refuseForeign({ sources }: ModelDescriptor, task: TaskDescriptor, encoded: Encoded): void {
  const of = encoded.sources?.of;
  const foreign = sources.map((source) => !task.inputs?.every((input) => source.inputs.includes(input)));
  if (!of || !foreign.includes(true)) return;
  const values = valuesOf(encoded, task.name);
  const at = values.findIndex((x, i) => !Number.isNaN(x) && foreign[of[Math.floor(i / task.width)]!]!);
  if (at < 0) return;
  const row = Math.floor(at / task.width);
  throw new InputError(
    `labels.${task.name}, row ${row}: the row is of ${sources[of[row]!]!.name}, which lacks inputs of the task.`,
  );
}

/** A function that says whether a row's source lacks an input; undefined if no source does. */
function lacksInput(
  { sources }: ModelDescriptor,
  field: FieldDescriptor,
  encoded: Encoded,
): ((row: number) => boolean) | undefined {
  const lacking = sources.map((source) => !source.inputs.includes(field.name));
  const of = encoded.sources?.of;
  return of && lacking.includes(true) ? (row) => lacking[of[row]!]! : undefined;
}

/** Values of inputs with 0 in rows whose source lacks the input; no task of these rows depends on them. */
function filledWhere(
  lacks: ((row: number) => boolean) | undefined,
  values: Float64Array,
  rows: number,
): Float64Array {
  if (!lacks) return values;
  const width = values.length / rows;
  const filled = values.slice();
  for (let row = 0; row < rows; row++) if (lacks(row)) filled.fill(0, row * width, (row + 1) * width);
  return filled;
}

/** Throws for a missing input value; a transform loses values that are beyond what numbers can hold. */
function refuseGaps(field: FieldDescriptor, values: Float64Array, encoded: Encoded): void {
  const gap = values.findIndex((x) => !fitsFloat32(x));
  if (gap < 0) return;
  const row = Math.floor((gap / values.length) * encoded.rows);
  const raw = valuesOf(encoded, field.name).subarray(row * field.width, (row + 1) * field.width);
  const missing = raw.some((x) => Number.isNaN(x));
  const reason = missing ? "a value is missing, and an input must have all of them" : tooLarge(values[gap]!);
  throw new InputError(`inputs.${field.name}, row ${row}: ${reason}.`);
}

function addLabel(
  args: Map<string, DataColumn>,
  task: TaskDescriptor,
  values: Float64Array,
  rows: number,
  precision: "float32" | "float64",
): void {
  const elements = rows * elementCount(task.elements);
  const width = elements === 0 ? 1 : values.length / elements;
  const present = Float64Array.from({ length: elements }, (_, i) =>
    values.subarray(i * width, (i + 1) * width).some((x) => Number.isNaN(x)) ? 0 : 1,
  );
  const gap = present.indexOf(0);
  if (gap >= 0 && !task.optional) {
    throw new InputError(
      `labels.${task.name}, row ${Math.floor((gap / elements) * rows)}: the label is missing; declare it with \`?\` to allow that.`,
    );
  }
  refuseTooLarge(`labels.${task.name}`, values, rows);
  const filled = values.map((x) => (Number.isNaN(x) ? 0 : x));
  args.set(names.label(task.name), column(task, filled, task.dims, precision));
  if (task.optional)
    args.set(names.present(task.name), {
      dtype: "float",
      dims: task.elements,
      data: floats(present, precision),
    });
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
  const values = valuesOf(encoded, field.name);
  const stages = fitted.get(field.name);
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
