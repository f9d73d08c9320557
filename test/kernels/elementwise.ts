import * as op from "../../src/runtime/wasm/opcodes.js";
import { draws, ulps, type Guarded } from "./assemble.js";
import * as special from "../../src/tensor/kernels/special.js";

export type Kind = "float" | "int" | "mask";

export interface Elementwise {
  readonly opcode: number;
  readonly takes: readonly Kind[];
  readonly gives: Kind;
  readonly f: (...x: number[]) => number;
  /** Which floats to try: any of −3 to 3, or those of a narrower domain. */
  readonly from?: (u: number) => number;
  readonly ulps?: number;
}

const F = "float";
const I = "int";
const M = "mask";
const positive = (u: number): number => 0.01 + 5 * u;
const one = (opcode: number, f: (x: number) => number, more: Partial<Elementwise> = {}): Elementwise => ({
  opcode,
  takes: [F],
  gives: F,
  f,
  ...more,
});
const two = (opcode: number, kind: Kind, gives: Kind, f: (x: number, y: number) => number): Elementwise => ({
  opcode,
  takes: [kind, kind],
  gives,
  f,
});
export const bit = (x: boolean): number => (x ? -1 : 0);

/** Every instruction that works lane by lane. */
export const ELEMENTWISE: readonly Elementwise[] = [
  one(op.COPY, (x) => x),
  { opcode: op.SELECT, takes: [M, F, F], gives: F, f: (c, x, y) => (c !== 0 ? x! : y!) },
  one(op.NEG, (x) => -x),
  one(op.EXP, Math.exp, { ulps: 2 }),
  one(op.LOG, Math.log, { ulps: 2, from: positive }),
  one(op.LOG1P, Math.log1p, { ulps: 2, from: positive }),
  one(op.EXPM1, Math.expm1, { ulps: 2 }),
  one(op.SQRT, Math.sqrt, { from: positive }),
  one(op.ABS, Math.abs),
  one(op.SIGN, Math.sign),
  one(op.FLOOR, Math.floor),
  one(op.SIN, Math.sin, { ulps: 2 }),
  one(op.COS, Math.cos, { ulps: 2 }),
  one(op.TANH, Math.tanh, { ulps: 2 }),
  one(op.SIGMOID, special.sigmoid, { ulps: 2 }),
  one(op.SOFTPLUS, special.softplus, { ulps: 2 }),
  one(op.ERF, special.erf, { ulps: 2 }),
  one(op.ERFINV, special.erfinv, { ulps: 8, from: (u) => 1.9 * u - 0.95 }),
  one(op.RECIPROCAL_SQRT, (x) => 1 / Math.sqrt(x), { ulps: 2, from: positive }),
  one(op.SQUARE, (x) => x * x),
  one(op.POSITIVE_PART, (x) => Math.max(x, 0)),
  { opcode: op.NEG_INT, takes: [I], gives: I, f: (x) => -x! },
  { opcode: op.ABS_INT, takes: [I], gives: I, f: Math.abs },
  { opcode: op.SIGN_INT, takes: [I], gives: I, f: Math.sign },
  { opcode: op.NOT, takes: [M], gives: M, f: (x) => ~x! },
  { opcode: op.FLOAT_TO_INT, takes: [F], gives: I, f: Math.trunc },
  { opcode: op.INT_TO_FLOAT, takes: [I], gives: F, f: (x) => x! },
  { opcode: op.FLOAT_TO_MASK, takes: [F], gives: M, f: (x) => bit(x !== 0) },
  { opcode: op.INT_TO_MASK, takes: [I], gives: M, f: (x) => bit(x !== 0) },
  { opcode: op.MASK_TO_FLOAT, takes: [M], gives: F, f: (x) => -x! },
  { opcode: op.MASK_TO_INT, takes: [M], gives: I, f: (x) => -x! },
  two(op.ADD, F, F, (x, y) => x + y),
  two(op.SUB, F, F, (x, y) => x - y),
  two(op.MUL, F, F, (x, y) => x * y),
  two(op.DIV, F, F, (x, y) => x / y),
  { ...two(op.POW, F, F, (x, y) => x ** y), from: positive, ulps: 0.51 },
  two(op.MAX, F, F, Math.max),
  two(op.MIN, F, F, Math.min),
  two(op.MOD, F, F, special.mod),
  two(op.EQ, F, M, (x, y) => bit(x === y)),
  two(op.LT, F, M, (x, y) => bit(x < y)),
  two(op.LE, F, M, (x, y) => bit(x <= y)),
  // Where it is rounded twice, cancellation leaves more than an ulp: looked at by itself below.
  {
    opcode: op.MULTIPLY_ADD,
    takes: [F, F, F],
    gives: F,
    f: (x, y, z) => x! * y! + z!,
    from: positive,
    ulps: 1.01,
  },
  two(op.ADD_INT, I, I, (x, y) => x + y),
  two(op.SUB_INT, I, I, (x, y) => x - y),
  two(op.MUL_INT, I, I, (x, y) => x * y),
  two(op.MAX_INT, I, I, Math.max),
  two(op.MIN_INT, I, I, Math.min),
  two(op.MOD_INT, I, I, (x, y) => (y === 0 ? 0 : special.mod(x, y))),
  two(op.EQ_INT, I, M, (x, y) => bit(x === y)),
  two(op.LT_INT, I, M, (x, y) => bit(x < y)),
  two(op.LE_INT, I, M, (x, y) => bit(x <= y)),
  two(op.AND, M, M, (x, y) => x & y),
  two(op.OR, M, M, (x, y) => x | y),
];

const random = draws(7);

/** Values to try; every seventh is the same, so that operands are equal there. */
export function valuesOf(
  kind: Kind,
  count: number,
  from = (u: number): number => 6 * u - 3,
): Float32Array | Int32Array {
  if (kind === "mask") return Int32Array.from({ length: count }, () => bit(random() < 0.5));
  if (kind === "int")
    return Int32Array.from({ length: count }, (_, i) => (i % 7 === 3 ? 2 : Math.floor(20 * random()) - 10));
  return Float32Array.from({ length: count }, (_, i) => (i % 7 === 3 ? from(0.5) : from(random())));
}

export function read(buffer: Guarded, kind: Kind): Float32Array | Int32Array {
  return kind === "float" ? buffer.floats() : buffer.ints();
}

export function expectNear(
  actual: ArrayLike<number>,
  wanted: readonly number[],
  bound: number,
  what: string,
): void {
  for (let i = 0; i < wanted.length; i++) {
    if (ulps(actual[i]!, wanted[i]!) > bound) {
      throw new Error(`${what}: element ${i} is ${actual[i]}, not ${wanted[i]}`);
    }
  }
}

export function expectSum(actual: number, terms: Iterable<number>, what = "sum"): void {
  let [total, size] = [0, 0];
  for (const x of terms) [total, size] = [total + x, size + Math.abs(x)];
  if (!(Math.abs(actual - total) <= 2e-6 * size)) throw new Error(`${what} is ${actual}, not ${total}`);
}

export interface Shape {
  readonly length: number;
  readonly kind: number;
  readonly row: number;
  readonly tile: number;
  readonly elements: number;
}

/** Ways to have `count` elements in one instruction. */
export function shapesOf(count: number): Shape[] {
  const all = { length: op.FULL, kind: op.BY_ELEMENTS, row: 1, elements: count };
  return [
    { ...all, tile: count },
    { ...all, tile: 8 },
    { length: op.ROW, kind: op.BY_ROWS, row: 3, tile: 12, elements: 3 * count },
    { length: op.ROW, kind: op.BY_ROWS, row: 4, tile: 12, elements: 4 * count },
    { length: op.ROW_VECTOR, kind: op.FIXED, row: count, tile: 4 * count, elements: count },
  ];
}
