import type { SourceRows } from "./dataset.js";
import type { FieldDescriptor, ModelDescriptor, TaskDescriptor } from "./descriptor.js";
import { encodeField, type EncodedField } from "./encode.js";
import { InputError } from "./errors.js";
import { fitsFloat32 } from "./float32.js";

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

/** A caller's values as numbers, in units of their own. */
export interface Encoded {
  readonly rows: number;
  readonly fields: ReadonlyMap<string, EncodedField>;
  readonly rowWeight: EncodedField | undefined;
  readonly rowWeights: ReadonlyMap<string, EncodedField>;
  readonly sources: SourceRows | undefined;
}

/** The numbers of an input or a label. Throws (a defect of ours) where a caller gave none. */
export function valuesOf({ fields }: Encoded, name: string): Float64Array {
  const field = fields.get(name);
  if (!field) throw new Error(`there are no values of ${name}`);
  return field.values;
}

/** Checks the names and lengths of what a caller gave, and turns it into numbers. */
export function encodeData(
  descriptor: ModelDescriptor,
  raw: RawData | undefined,
  withLabels: boolean,
): Encoded {
  const fields = new Map<string, EncodedField>();
  const lacking = partialInputs(descriptor);
  const take = (
    kind: "inputs" | "labels",
    given: ReadonlyMap<string, unknown>,
    wanted: readonly FieldDescriptor[],
  ) => {
    for (const name of given.keys()) {
      if (!wanted.some((f) => f.name === name)) {
        throw new InputError(
          `${kind}.${name}: the model has no such ${kind === "inputs" ? "input" : "task"}; it has ${wanted.map((f) => f.name).join(", ")}.`,
        );
      }
    }
    for (const field of wanted) {
      const values = given.get(field.name);
      if (values === undefined) {
        if (lacking.has(field.name)) continue;
        throw new InputError(`${kind}.${field.name} is missing.`);
      }
      fields.set(field.name, encodeField(field, values, `${kind}.${field.name}`));
    }
  };
  take("inputs", entriesOf(raw, "inputs"), descriptor.inputs);
  if (withLabels) take("labels", entriesOf(raw, "labels"), descriptor.tasks);
  const rowWeight = withLabels ? encodeRowWeight(descriptor, raw?.rowWeight) : undefined;
  const rowWeights = withLabels ? encodeRowWeights(descriptor, raw?.rowWeights ?? {}) : new Map();
  const source = withLabels ? encodeSource(descriptor, raw?.source) : undefined;
  const sizes = [
    ...[...fields].map(([name, f]) => [name, f.rows] as const),
    ...(rowWeight ? [["rowWeight", rowWeight.rows] as const] : []),
    ...[...rowWeights].map(([task, f]) => [`rowWeights.${task}`, f.rows] as const),
    ...(source ? [["source", source.rows] as const] : []),
  ];
  const rows = sizes[0]?.[1] ?? 0;
  const other = sizes.find(([, n]) => n !== rows);
  if (other) throw new InputError(`${other[0]} has ${other[1]} rows, but ${sizes[0]![0]} has ${rows}.`);
  return { rows, fields, rowWeight, rowWeights, sources: source && sourceRows(descriptor, source.values) };
}

function entriesOf(raw: RawData | undefined, part: "inputs" | "labels"): ReadonlyMap<string, unknown> {
  const given: unknown = typeof raw === "object" && raw !== null ? raw[part] : undefined;
  if (typeof given === "object" && given !== null && !Array.isArray(given))
    return new Map(Object.entries(given));
  throw new InputError(`${part} is missing: rows are given as { inputs: { … }, labels: { … } }.`);
}

function encodeRowWeight({ rowWeight }: ModelDescriptor, raw: unknown): EncodedField | undefined {
  if (raw === undefined) return undefined;
  if (rowWeight) return encodeWeights(raw, "rowWeight");
  throw new InputError(
    "rowWeight: the model's rows have no weights; `row_weight: COLUMN` in the data section gives them some.",
  );
}

function encodeWeights(raw: unknown, where: string): EncodedField {
  const encoded = encodeField(weightField, raw, where);
  // What no float holds is said of weights as of all other numbers.
  const bad = encoded.values.findIndex((x) => Number.isNaN(x) || (x < 0 && fitsFloat32(x)));
  if (bad < 0) return encoded;
  const value = encoded.values[bad]!;
  const found = Number.isNaN(value) ? "the weight is missing" : `${value} is below 0`;
  throw new InputError(`${where}, row ${bad}: ${found}; a row that is not to count has the weight 0.`);
}

const weightField: FieldDescriptor = {
  name: "rowWeight",
  kind: "float",
  dims: [],
  width: 1,
  transforms: [],
  columns: [],
};

function encodeRowWeights({ tasks }: ModelDescriptor, given: object): Map<string, EncodedField> {
  const weighed = tasks.filter((task) => task.rowWeight).map((task) => task.name);
  const unknown = Object.keys(given).find((name) => !weighed.includes(name));
  if (unknown !== undefined) {
    const known = weighed.length === 0 ? "none" : weighed.join(", ");
    throw new InputError(`rowWeights.${unknown}: tasks whose rows have weights of their own: ${known}.`);
  }
  return new Map(
    Object.entries(given).map(([task, raw]) => [task, encodeWeights(raw, `rowWeights.${task}`)]),
  );
}

function encodeSource({ sources }: ModelDescriptor, raw: unknown): EncodedField | undefined {
  const names = sources.map((source) => source.name);
  if (names.length === 0) {
    if (raw === undefined) return undefined;
    throw new InputError("source: the model's data has one source, without a name.");
  }
  if (raw === undefined) {
    throw new InputError(`source is missing: which of ${names.join(", ")} each row is of.`);
  }
  const field = {
    name: "source",
    kind: "category",
    dims: [],
    width: 1,
    transforms: [],
    columns: [],
  } as const;
  const encoded = encodeField({ ...field, classes: names.length, names }, raw, "source");
  const gap = encoded.values.findIndex((x) => Number.isNaN(x));
  if (gap >= 0) throw new InputError(`source, row ${gap}: the row has none.`);
  return encoded;
}

function sourceRows({ sources }: ModelDescriptor, values: Float64Array): SourceRows {
  const of = Int32Array.from(values);
  const rows = sources.map((): number[] => []);
  of.forEach((source, row) => rows[source]!.push(row));
  return { of, rows: rows.map((own) => Int32Array.from(own)) };
}

/** The inputs that some source lacks. */
export function partialInputs({ sources, inputs }: ModelDescriptor): Set<string> {
  const lacking = inputs.filter(({ name }) => sources.some((source) => !source.inputs.includes(name)));
  return new Set(lacking.map(({ name }) => name));
}

/** The tasks that can be predicted: those whose inputs are there. */
export function predictable(descriptor: ModelDescriptor, encoded: Encoded): readonly TaskDescriptor[] {
  return descriptor.tasks.filter(({ inputs }) => inputs?.every((name) => encoded.fields.has(name)) ?? true);
}
