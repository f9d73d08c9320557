import type { SourceRows } from "./dataset.js";
import type { FieldDescriptor, ModelDescriptor, TaskDescriptor } from "./descriptor.js";
import { encodeField, type EncodedField } from "./encode.js";
import { InputError } from "./errors.js";
import { fitsFloat32 } from "./float32.js";
import { fromRecords, type RawData } from "./records.js";
import { isObject, shown } from "./words.js";

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

/** Checks the names and lengths of what a caller gave, by input and task or as records, and turns it into numbers. */
export function encodeData(
  descriptor: ModelDescriptor,
  given: RawData | readonly unknown[] | undefined,
  withLabels: boolean,
): Encoded {
  const raw = isRecords(given) ? fromRecords(descriptor, given, withLabels) : given;
  refuseUnknown(raw);
  const lacking = partialInputs(descriptor);
  const inputs = encodeFields("inputs", entriesOf(raw, "inputs"), descriptor.inputs, lacking);
  const labels = withLabels ? encodeLabels(descriptor, raw) : [];
  const rowWeight = withLabels ? encodeRowWeight(descriptor, raw?.rowWeight) : undefined;
  const rowWeights = new Map(withLabels ? encodeRowWeights(descriptor, raw?.rowWeights ?? {}) : []);
  const source = withLabels ? encodeSource(descriptor, raw?.source) : undefined;
  const fields = new Map([...inputs, ...labels]);
  const rows = commonRows([
    ...[...fields].map(([name, f]) => [name, f.rows] as const),
    ...(rowWeight ? [["rowWeight", rowWeight.rows] as const] : []),
    ...[...rowWeights].map(([task, f]) => [`rowWeights.${task}`, f.rows] as const),
    ...(source ? [["source", source.rows] as const] : []),
  ]);
  if (withLabels)
    for (const { name, width } of descriptor.tasks)
      if (!fields.has(name))
        fields.set(name, { rows, values: new Float64Array(rows * width).fill(Number.NaN) });
  return { rows, fields, rowWeight, rowWeights, sources: source && sourceRows(descriptor, source.values) };
}

/** What rows say by input and task. */
const members = ["inputs", "labels", "rowWeight", "rowWeights", "source"];

function refuseUnknown(raw: unknown): void {
  const stranger = isObject(raw) ? Object.keys(raw).find((key) => !members.includes(key)) : undefined;
  if (stranger !== undefined)
    throw new InputError(`the rows' ${shown(stranger)} is unknown; there is ${members.join(", ")}.`);
}

function isRecords(given: unknown): given is readonly unknown[] {
  return Array.isArray(given);
}

/** The labels that there are: those of a task whose labels may be missing may be left out, which all rows then lack. */
function encodeLabels({ tasks }: ModelDescriptor, raw: RawData | undefined): [string, EncodedField][] {
  const optional = new Set(tasks.filter((task) => task.optional).map(({ name }) => name));
  const without = raw?.labels === undefined && optional.size === tasks.length;
  return encodeFields("labels", without ? new Map() : entriesOf(raw, "labels"), tasks, optional);
}

/** Encodes the fields that a model wants, by name; those of `lacking` may be left out, and no other may be given. */
function encodeFields(
  kind: "inputs" | "labels",
  given: ReadonlyMap<string, unknown>,
  wanted: readonly FieldDescriptor[],
  lacking: ReadonlySet<string>,
): [string, EncodedField][] {
  for (const name of given.keys()) {
    if (wanted.some((f) => f.name === name)) continue;
    throw new InputError(
      `${kind}.${name}: the model has no such ${kind === "inputs" ? "input" : "task"}; it has ${wanted.map((f) => f.name).join(", ")}.`,
    );
  }
  return wanted.flatMap((field): [string, EncodedField][] => {
    const { name } = field;
    const values = given.get(name);
    if (values !== undefined) return [[name, encodeField(field, values, `${kind}.${name}`)]];
    if (lacking.has(name)) return [];
    throw new InputError(`${kind}.${name} is missing.`);
  });
}

/** The number of rows; throws unless everything that is given has the same. */
function commonRows(sizes: readonly (readonly [name: string, rows: number])[]): number {
  const [first] = sizes;
  if (!first) return 0;
  const [name, rows] = first;
  const other = sizes.find(([, n]) => n !== rows);
  if (other) throw new InputError(`${other[0]} has ${other[1]} rows, but ${name} has ${rows}.`);
  return rows;
}

function entriesOf(raw: RawData | undefined, part: "inputs" | "labels"): ReadonlyMap<string, unknown> {
  const given: unknown = isObject(raw) ? raw[part] : raw;
  if (isObject(given) && !Array.isArray(given)) return new Map(Object.entries(given));
  const found = given === undefined ? "missing" : shown(given);
  throw new InputError(
    `${isObject(raw) ? part : "data"} is ${found}: rows are given as { inputs: { … }, labels: { … } } or as a list of objects.`,
  );
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
  // Only NaN and negative weights are reported here; numbers beyond float32 are refused as all others are, elsewhere.
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

function encodeRowWeights({ tasks }: ModelDescriptor, given: object): [string, EncodedField][] {
  const weighed = tasks.filter((task) => task.rowWeight).map((task) => task.name);
  const unknown = Object.keys(given).find((name) => !weighed.includes(name));
  if (unknown !== undefined) {
    const known = weighed.length === 0 ? "none" : weighed.join(", ");
    throw new InputError(`rowWeights.${unknown}: tasks whose rows have weights of their own: ${known}.`);
  }
  return Object.entries(given).map(([task, raw]) => [task, encodeWeights(raw, `rowWeights.${task}`)]);
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

/** Names of the inputs that at least one source lacks. */
export function partialInputs({ sources, inputs }: ModelDescriptor): Set<string> {
  const lacking = inputs.filter(({ name }) => sources.some((source) => !source.inputs.includes(name)));
  return new Set(lacking.map(({ name }) => name));
}

/** The tasks that can be predicted: those whose inputs are there. */
export function predictable(descriptor: ModelDescriptor, encoded: Encoded): readonly TaskDescriptor[] {
  return descriptor.tasks.filter(({ inputs }) => inputs?.every((name) => encoded.fields.has(name)) ?? true);
}
