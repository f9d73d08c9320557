import { sameDimension, type Dimension, type Shape } from "../dimension.js";
import type { Builder } from "../emitter.js";
import { allocate, broadcastShapes, broadcastStrides, eachRow, numbersOf, tensor } from "../kernels/host.js";
import type { Numbers } from "../kernels/host.js";
import { mod as floored } from "../kernels/special.js";
import type { HostTensor } from "../../runtime/tensor.js";
import { elementCount } from "../../runtime/elements.js";
import * as ops from "../ops.js";
import type { DType, Value } from "../program.js";
import { plain, type NoAttributes } from "../signature.js";
import {
  definePrimitive,
  showType,
  wantDtype,
  type Facts,
  type MaybeValue,
  type TypedPrimitive,
} from "./primitive.js";

/** The shape both broadcast to: axes aligned at the right, each pair equal or one of them 1. */
export function broadcastOf(a: Shape, b: Shape): Dimension[] | undefined {
  const rank = Math.max(a.length, b.length);
  const out: Dimension[] = [];
  for (let i = 0; i < rank; i++) {
    const p = a[i - rank + a.length] ?? 1;
    const q = b[i - rank + b.length] ?? 1;
    if (!sameDimension(p, q) && !sameDimension(p, 1) && !sameDimension(q, 1)) return undefined;
    out.push(sameDimension(p, 1) ? q : p);
  }
  return out;
}

/** f of two broadcast tensors; fast where they have one shape or one is a scalar. */
export function zip(
  a: HostTensor,
  b: HostTensor,
  dtype: DType,
  f: (x: number, y: number) => number,
): HostTensor {
  const shape = broadcastShapes(a.shape, b.shape);
  const out = allocate(dtype, elementCount(shape));
  const x = numbersOf(a);
  const y = numbersOf(b);
  if (x.length === out.length && y.length === out.length) {
    for (let i = 0; i < out.length; i++) out[i] = f(x[i]!, y[i]!);
  } else if (y.length === 1) {
    for (let i = 0; i < out.length; i++) out[i] = f(x[i]!, y[0]!);
  } else if (x.length === 1) {
    for (let i = 0; i < out.length; i++) out[i] = f(x[0]!, y[i]!);
  } else {
    const strides = [broadcastStrides(a.shape, shape), broadcastStrides(b.shape, shape)] as const;
    zipRows([x, y], strides, out, shape, f);
  }
  return tensor(dtype, shape, out);
}

function zipRows(
  [x, y]: readonly [Numbers, Numbers],
  [xStrides, yStrides]: readonly [readonly number[], readonly number[]],
  out: Numbers,
  shape: readonly number[],
  f: (x: number, y: number) => number,
): void {
  const run = shape.at(-1) ?? 1;
  const p = xStrides.at(-1) ?? 0;
  const q = yStrides.at(-1) ?? 0;
  let at = 0;
  eachRow(shape, [xStrides, yStrides], (starts) => {
    for (let k = 0; k < run; k++) out[at++] = f(x[starts[0]! + k * p]!, y[starts[1]! + k * q]!);
  });
}

/** An operation whose gradient `g` goes to x and y. */
interface Site {
  readonly b: Builder;
  readonly x: Value;
  readonly y: Value;
  readonly out: Value;
  readonly g: Value;
  /** Whether a gradient to x is asked for, and to y. */
  readonly needed: readonly [boolean, boolean];
}

interface Elementwise extends Facts {
  readonly name: string;
  readonly doc: string;
  readonly takes: readonly DType[];
  /** The result's dtype, where it is not that of the operands. */
  readonly gives?: DType;
  readonly f: (x: number, y: number) => number;
  /** The gradients to x and y, before they are summed down to the operands' shapes. */
  readonly rule?: (site: Site) => readonly [MaybeValue, MaybeValue];
}

type Binary = TypedPrimitive<2, NoAttributes>;

function binary({ name, doc, takes, gives, f, rule, ...facts }: Elementwise): Binary {
  return definePrimitive(plain(name, 2), {
    doc,
    infer([x, y]) {
      wantDtype(x, ...takes);
      if (x.dtype !== y.dtype)
        throw new Error(`takes two of one dtype, not ${showType(x)} and ${showType(y)}`);
      const shape = broadcastOf(x.shape, y.shape);
      if (shape === undefined) throw new Error(`cannot broadcast ${showType(x)} and ${showType(y)}`);
      return { dtype: gives ?? x.dtype, shape };
    },
    evaluate: ([x, y]) => zip(x, y, gives ?? x.dtype, f),
    ...(rule && {
      gradient(b, { inputs: [x, y], output }, g, needed) {
        const [toX, toY] = rule({ b, x, y, out: output, g, needed });
        return [toX && ops.sumTo(b, toX, b.typeOf(x).shape), toY && ops.sumTo(b, toY, b.typeOf(y).shape)];
      },
    }),
    elementwise: true,
    broadcasts: true,
    ...facts,
  });
}

const NUMBERS = ["float", "int"] as const;

export const add = binary({
  name: "add",
  doc: "x + y",
  takes: NUMBERS,
  f: (x, y) => x + y,
  rule: ({ g }) => [g, g],
  cheap: true,
  neutral: { value: 0, sides: [0, 1] },
});
export const sub = binary({
  name: "sub",
  doc: "x − y",
  takes: NUMBERS,
  f: (x, y) => x - y,
  rule: ({ b, g, needed: [, second] }) => [g, second ? ops.neg(b, g) : undefined],
  cheap: true,
  neutral: { value: 0, sides: [1] },
});
export const mul = binary({
  name: "mul",
  doc: "x · y",
  takes: NUMBERS,
  f: (x, y) => x * y,
  rule: ({ b, x, y, g, needed: [first, second] }) => [
    first ? ops.mul(b, g, y) : undefined,
    second ? ops.mul(b, g, x) : undefined,
  ],
  cheap: true,
  neutral: { value: 1, sides: [0, 1] },
});
export const div = binary({
  name: "div",
  doc: "x / y",
  takes: ["float"],
  f: (x, y) => x / y,
  rule: ({ b, y, out, g, needed: [, second] }) => {
    const over = ops.div(b, g, y);
    return [over, second ? ops.neg(b, ops.mul(b, over, out)) : undefined];
  },
  neutral: { value: 1, sides: [1] },
});
export const pow = binary({
  name: "pow",
  doc: "x to the y; the gradient to y is 0 where x is not positive.",
  takes: ["float"],
  f: (x, y) => x ** y,
  rule: ({ b, x, y, out, g, needed: [first, second] }) => [
    first ? ops.mul(b, g, powerSlope(b, x, y)) : undefined,
    second ? ops.mul(b, g, ops.mul(b, out, safeLog(b, x))) : undefined,
  ],
  costly: true,
  neutral: { value: 1, sides: [1] },
});
export const max = binary({
  name: "max",
  doc: "The larger; where both are equal each gets half of the gradient.",
  takes: NUMBERS,
  f: Math.max,
  rule: ({ b, x, y, g, needed }) => shared(b, ops.lt(b, y, x), ops.lt(b, x, y), g, needed),
  cheap: true,
});
export const min = binary({
  name: "min",
  doc: "The smaller; where both are equal each gets half of the gradient.",
  takes: NUMBERS,
  f: Math.min,
  rule: ({ b, x, y, g, needed }) => shared(b, ops.lt(b, x, y), ops.lt(b, y, x), g, needed),
  cheap: true,
});
export const mod = binary({
  name: "mod",
  doc: "x − ⌊x / y⌋ · y: the sign of the divisor.",
  takes: NUMBERS,
  f: floored,
  rule: ({ b, x, y, g }) => [g, ops.neg(b, ops.mul(b, g, ops.floor(b, ops.div(b, x, y))))],
});
const bool = (
  name: string,
  doc: string,
  takes: readonly DType[],
  f: (x: number, y: number) => boolean,
): Binary => binary({ name, doc, takes, gives: "bool", f: (x, y) => (f(x, y) ? 1 : 0), repeated: true });

export const eq = bool("eq", "x = y", ["float", "int", "bool"], (x, y) => x === y);
export const lt = bool("lt", "x < y", NUMBERS, (x, y) => x < y);
export const le = bool("le", "x ≤ y", NUMBERS, (x, y) => x <= y);
export const and = bool("and", "Of bools.", ["bool"], (x, y) => x !== 0 && y !== 0);
export const or = bool("or", "Of bools.", ["bool"], (x, y) => x !== 0 || y !== 0);

/** y·x^(y−1), and 0 rather than 0·∞ where y is 0. */
function powerSlope(b: Builder, x: Value, y: Value): Value {
  const none = ops.eq(b, y, 0);
  const exponent = ops.select(b, none, 1, ops.sub(b, y, 1));
  return ops.mul(b, y, ops.pow(b, x, exponent));
}

function safeLog(b: Builder, x: Value): Value {
  const positive = ops.lt(b, 0, x);
  return ops.select(b, positive, ops.log(b, ops.select(b, positive, x, 1)), 0);
}

/** The gradients of max and min: all of `g` to the operand that is chosen, half of it to each where they are equal. */
function shared(
  b: Builder,
  first: Value,
  second: Value,
  g: Value,
  [toFirst, toSecond]: readonly [boolean, boolean],
): readonly [MaybeValue, MaybeValue] {
  const half = ops.mul(b, g, 0.5);
  const part = (own: Value, other: Value) => ops.select(b, own, g, ops.select(b, other, 0, half));
  return [toFirst ? part(first, second) : undefined, toSecond ? part(second, first) : undefined];
}
