import * as special from "../kernels/special.js";
import { numbersOf } from "../kernels/host.js";
import type { Builder } from "../emitter.js";
import * as ops from "../ops.js";
import type { Value } from "../program.js";
import { plain, type NoAttributes } from "../signature.js";
import { definePrimitive, wantDtype, type Definition, type Facts, type TypedPrimitive } from "./primitive.js";

/** d out / d x · g, from the input, the output and the output's gradient; null where there is none. */
type Rule = ((b: Builder, x: Value, out: Value, g: Value) => Value) | null;

interface Elementwise extends Facts {
  readonly name: string;
  readonly doc: string;
  readonly f: (x: number) => number;
  readonly rule: Rule;
  /** Floats alone by default. */
  readonly takes?: readonly ("float" | "int")[];
}

type Unary = TypedPrimitive<1, NoAttributes>;

function unary({ name, doc, f, rule, takes = ["float"], ...facts }: Elementwise): Unary {
  return definePrimitive(plain(name, 1), {
    doc,
    infer([x]) {
      wantDtype(x, ...takes);
      return x;
    },
    evaluate: ([x]) => ({ dtype: x.dtype, shape: x.shape, data: numbersOf(x).map(f) }),
    ...(rule && { gradient: (b, { inputs: [x], output }, g) => [rule(b, x, output, g)] }),
    elementwise: true,
    ...facts,
  });
}

const NUMBERS = ["float", "int"] as const;

export const neg = unary({
  name: "neg",
  doc: "−x",
  f: (x) => -x,
  rule: (b, _x, _out, g) => ops.neg(b, g),
  takes: NUMBERS,
  cheap: true,
  involution: true,
});
export const exp = unary({
  name: "exp",
  doc: "eˣ",
  f: Math.exp,
  rule: (b, _x, out, g) => ops.mul(b, g, out),
  costly: true,
});
export const log = unary({
  name: "log",
  doc: "The natural logarithm.",
  f: Math.log,
  rule: (b, x, _out, g) => ops.div(b, g, x),
  costly: true,
});
export const log1p = unary({
  name: "log1p",
  doc: "log(1 + x), exact near 0.",
  f: Math.log1p,
  rule: (b, x, _out, g) => ops.div(b, g, ops.add(b, x, 1)),
  costly: true,
});
export const expm1 = unary({
  name: "expm1",
  doc: "eˣ − 1, exact near 0.",
  f: Math.expm1,
  rule: (b, _x, out, g) => ops.mul(b, g, ops.add(b, out, 1)),
  costly: true,
});
export const sqrt = unary({
  name: "sqrt",
  doc: "√x",
  f: Math.sqrt,
  rule: (b, _x, out, g) => ops.div(b, ops.mul(b, g, 0.5), out),
});
export const abs = unary({
  name: "abs",
  doc: "|x|; gradient 1 at 0.",
  f: Math.abs,
  rule: (b, x, _o, g) => ops.select(b, ops.ge(b, x, 0), g, ops.neg(b, g)),
  takes: NUMBERS,
  cheap: true,
});
/** The gradient is computed from the output, so that the input need not be kept for it. */
export const relu = unary({
  name: "relu",
  doc: "max(x, 0); gradient 0 at 0.",
  f: (x) => Math.max(x, 0),
  rule: (b, _x, out, g) => ops.select(b, ops.lt(b, 0, out), g, 0),
  cheap: true,
});
export const sign = unary({
  name: "sign",
  doc: "−1, 0 or 1; no gradient.",
  f: Math.sign,
  rule: null,
  takes: NUMBERS,
});
export const floor = unary({
  name: "floor",
  doc: "The next whole number below; no gradient.",
  f: Math.floor,
  rule: null,
});
export const sin = unary({
  name: "sin",
  doc: "Of radians.",
  f: Math.sin,
  rule: (b, x, _out, g) => ops.mul(b, g, ops.cos(b, x)),
  costly: true,
});
export const cos = unary({
  name: "cos",
  doc: "Of radians.",
  f: Math.cos,
  rule: (b, x, _out, g) => ops.neg(b, ops.mul(b, g, ops.sin(b, x))),
  costly: true,
});
export const tanh = unary({
  name: "tanh",
  doc: "The hyperbolic tangent.",
  f: Math.tanh,
  rule: (b, _x, out, g) => ops.mul(b, g, ops.sub(b, 1, ops.square(b, out))),
  costly: true,
});
export const sigmoid = unary({
  name: "sigmoid",
  doc: "1 / (1 + e⁻ˣ)",
  f: special.sigmoid,
  rule: (b, _x, out, g) => ops.mul(b, g, ops.mul(b, out, ops.sub(b, 1, out))),
  costly: true,
});
export const softplus = unary({
  name: "softplus",
  doc: "log(1 + eˣ), without overflow.",
  f: special.softplus,
  rule: (b, x, _out, g) => ops.mul(b, g, ops.sigmoid(b, x)),
  costly: true,
});
export const erf = unary({
  name: "erf",
  doc: "The error function.",
  f: special.erf,
  rule: (b, x, _out, g) =>
    ops.mul(b, g, ops.mul(b, ops.exp(b, ops.neg(b, ops.square(b, x))), 2 / Math.sqrt(Math.PI))),
  costly: true,
});
export const erfinv = unary({
  name: "erfinv",
  doc: "The inverse of erf.",
  f: special.erfinv,
  rule: (b, _x, out, g) => ops.mul(b, g, ops.mul(b, ops.exp(b, ops.square(b, out)), Math.sqrt(Math.PI) / 2)),
  costly: true,
});

export const not = definePrimitive(plain("not", 1), {
  doc: "Of a bool.",
  infer([x]) {
    wantDtype(x, "bool");
    return x;
  },
  evaluate: ([x]) => ({
    dtype: "bool",
    shape: x.shape,
    data: numbersOf(x).map((v) => (v === 0 ? 1 : 0)),
  }),
  elementwise: true,
  repeated: true,
  involution: true,
});

const identity = {
  infer: ([x]) => x,
  evaluate: ([x]) => x,
} satisfies Partial<Definition<1, NoAttributes>>;

export const detach = definePrimitive(plain("detach", 1), {
  ...identity,
  doc: "The value itself; no gradient flows through.",
});
export const barrier = definePrimitive(plain("barrier", 1), {
  ...identity,
  doc: "The value itself, never merged with another computation of it; so is its gradient.",
  gradient: (b, _application, g) => [ops.barrier(b, g)],
  distinct: true,
  unfolded: true,
});
