import type { Random } from "./random.js";

/** A model with fields of every kind, columns for all of them, and weights of rows. */
export const SPEC = `model Calls {
  input x: float[2]
  input kind: category("a", "b")
  input on: binary
  h = [x, kind |> one_hot, on |> dense(1)] |> concat |> dense(4, tanh)
  task size { output = h |> dense(1)  label: float?  loss: mse }
  task sort { output = h |> dense(3, softmax)  label: category("u", "v", "w")?  loss: categorical_crossentropy }
  task both { output = h |> dense(2)  label: float[2]  loss: mse }
}
train { optimizer: adam(lr: 0.01)  epochs: 1  batch: 4 }
data {
  from: "rows.csv"  x = [left, right]  kind = kind  on = on  size = size_g  sort = sort  both = [first, second]
  row_weight: weight
}`;

export interface Rows {
  inputs: Record<string, unknown>;
  labels: Record<string, unknown>;
  rowWeight?: unknown;
}

const ROWS = 6;
const names = { kind: ["a", "b"], sort: ["u", "v", "w"] };

/** Rows as lists, which any call takes. */
export function plainRows(): Rows {
  const at = (scale: number) =>
    Array.from({ length: ROWS }, (_, i) => Math.fround(Math.sin(scale * (i + 1))));
  const pairs = (a: number, b: number) => at(a).map((value, i) => [value, at(b)[i]!]);
  return {
    inputs: {
      x: pairs(1, 2),
      kind: at(3).map((v) => names.kind[Number(v > 0)]),
      on: at(4).map((v) => Number(v > 0)),
    },
    labels: {
      size: at(5).map((v, i) => (i === 2 ? null : v)),
      sort: at(6).map((v, i) => (i === 4 ? null : names.sort[Math.abs(Math.trunc(3 * v)) % 3])),
      both: pairs(7, 8),
    },
  };
}

/** What no argument takes. */
export const junk: readonly unknown[] = [
  null,
  "abc",
  -1,
  0.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  10n,
  Symbol("s"),
  () => 1,
  new Date(0),
  new Map([["x", 1]]),
  Promise.resolve(1),
  { length: 3 },
  [[[[[[[[[[1]]]]]]]]]],
];

type Change = (rows: Rows, random: Random) => string;

/** Places of a cell: the field, and whether it is an input. */
export const cells = [
  ["inputs", "x"],
  ["inputs", "kind"],
  ["inputs", "on"],
  ["labels", "size"],
  ["labels", "sort"],
  ["labels", "both"],
] as const;

const isClass = (field: string) => ["kind", "on", "sort"].includes(field);
const isOptional = (field: string) => ["size", "sort"].includes(field);

export function listOf(rows: Rows, [part, field]: (typeof cells)[number]): unknown[] {
  return rows[part][field] as unknown[];
}

export const wrongCells = (field: string): unknown[] => [
  "zz",
  10n,
  Symbol("s"),
  { a: 1 },
  () => 1,
  new Date(0),
  Number.POSITIVE_INFINITY,
  ...(isClass(field) ? [7, -1, 0.5, "A"] : [1e39, "1"]),
  ...(isOptional(field) ? [] : [null, undefined, Number.NaN]),
];

/** Changes after which rows are to be refused. */
export const damages: readonly Change[] = [
  (rows, random) => {
    const cell = random.pick(cells);
    const list = listOf(rows, cell);
    const wrong = random.pick(wrongCells(cell[1]));
    const i = random.int(0, list.length - 1);
    list[i] = Array.isArray(list[i]) ? [list[i][0], wrong] : wrong;
    return `${cell.join(".")}, row ${i}: ${String(wrong)}`;
  },
  (rows, random) => {
    const cell = random.pick(cells);
    const list = listOf(rows, cell);
    if (random.chance(0.5)) list.push(list[0]);
    else list.pop();
    return `${cell.join(".")} has ${list.length} rows`;
  },
  (rows, random) => {
    const field = random.pick(["x", "both"]);
    const list = listOf(rows, field === "x" ? cells[0] : cells[5]);
    const row = list[random.int(0, ROWS - 1)] as unknown[];
    if (random.chance(0.5)) row.push(1);
    else row.pop();
    return `a ragged row of ${field}`;
  },
  (rows, random) => {
    const cell = random.pick(cells);
    rows[cell[0]][cell[1]] = random.pick(junk);
    return `${cell.join(".")} is ${String(rows[cell[0]][cell[1]])}`;
  },
  (rows, random) => {
    const name = random.pick(["kid", "X", "constructor", "toString", "x ", ""]);
    rows[random.pick(["inputs", "labels"] as const)][name] = [1];
    return `there is ${JSON.stringify(name)}`;
  },
  (rows, random) => {
    const [part, field] = random.pick([cells[0], cells[1], cells[2], cells[5]]);
    delete rows[part][field];
    return `${field} is not there`;
  },
  (rows, random) => {
    const wrong = [-1, Number.NaN, null, "1", 1e39, 10n];
    rows.rowWeight = Array.from({ length: ROWS }, (_, i) => (i === 3 ? random.pick(wrong) : 1));
    return `rowWeight: ${String((rows.rowWeight as unknown[])[3])}`;
  },
  (rows, random) => {
    rows.rowWeight = random.pick(junk.filter((each) => each !== undefined));
    return `rowWeight is ${String(rows.rowWeight)}`;
  },
];

const objectOf = (values: object) => Object.assign(Object.create(null) as object, values);

/** One object a row, by the names of the spec or by columns. */
export function recordsOf({ inputs, labels }: Rows, byColumns: boolean): Record<string, unknown>[] {
  const of = (part: Record<string, unknown>, name: string, i: number) =>
    (part[name] as unknown[] | undefined)?.[i];
  return Array.from({ length: ROWS }, (_, i) => {
    const [x, both] = [of(inputs, "x", i) as number[], of(labels, "both", i) as number[]];
    const values = byColumns
      ? { left: x[0], right: x[1], first: both[0], second: both[1], size_g: of(labels, "size", i) }
      : { x, both, size: of(labels, "size", i) };
    return { ...values, kind: of(inputs, "kind", i), on: of(inputs, "on", i), sort: of(labels, "sort", i) };
  });
}

/** Other forms of the same rows. */
export const forms: readonly ((rows: Rows) => unknown)[] = [
  (rows) => recordsOf(rows, false),
  (rows) => recordsOf(rows, true),
  (rows) => recordsOf(rows, true).map((row) => Object.freeze(objectOf(row))),
  ({ inputs, labels }) => ({ inputs: objectOf(inputs), labels: Object.freeze({ ...labels }) }),
  ({ inputs, labels }) => ({
    inputs: { ...inputs, x: Float32Array.from((inputs["x"] as number[][]).flat()) },
    labels,
  }),
  ({ inputs, labels }) => ({ inputs: { ...inputs, x: (inputs["x"] as number[][]).flat() }, labels }),
  ({ inputs, labels }) => ({
    inputs: {
      ...inputs,
      kind: Uint8Array.from(inputs["kind"] as string[], (name) => names.kind.indexOf(name)),
    },
    labels: { ...labels, both: (labels["both"] as number[][]).map((row) => Float64Array.from(row)) },
  }),
  ({ inputs, labels }) => ({
    inputs: { ...inputs, on: (inputs["on"] as number[]).map((v) => v === 1) },
    labels,
  }),
  (rows) => ({ ...rows, rowWeight: Array<number>(ROWS).fill(1) }),
  ({ inputs, labels }) => ({
    inputs,
    labels: { ...labels, size: (labels["size"] as (number | null)[]).map((v) => v ?? Number.NaN) },
  }),
];
