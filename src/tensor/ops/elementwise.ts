import { dtype } from "../attributes.js";
import type { Emitter } from "../emitter.js";
import type { DType, Value } from "../program.js";
import { plain, signature } from "../signature.js";
import { scalar } from "./constants.js";

/** A value, or a number that stands for a scalar of the other operand's type. */
export type Operand = Value | number;

type Unary = (b: Emitter, x: Value) => Value;
type Binary = (b: Emitter, x: Operand, y: Operand) => Value;

function unary(primitive: string): Unary {
  const own = plain(primitive, 1);
  return (b, x) => own.emit(b, [x], {});
}

function binary(primitive: string): Binary {
  const own = plain(primitive, 2);
  return (b, x, y) => own.emit(b, [valueOf(b, x, y), valueOf(b, y, x)], {});
}

/** The operand itself, or its number as a scalar of the type of the operand `beside` it. */
export function valueOf(b: Emitter, x: Operand, beside: Operand): Value {
  if (typeof x !== "number") return x;
  return scalar(b, x, typeof beside === "number" ? "float" : b.typeOf(beside).dtype);
}

export const neg = unary("neg");
export const exp = unary("exp");
export const log = unary("log");
export const log1p = unary("log1p");
export const expm1 = unary("expm1");
export const sqrt = unary("sqrt");
export const abs = unary("abs");
/** Gradient 0 at 0. */
export const relu = unary("relu");
export const sign = unary("sign");
export const floor = unary("floor");
export const sin = unary("sin");
export const cos = unary("cos");
export const tanh = unary("tanh");
export const sigmoid = unary("sigmoid");
export const softplus = unary("softplus");
export const erf = unary("erf");
export const erfinv = unary("erfinv");
/** Takes a bool. */
export const not = unary("not");
/** The value itself, through which no gradient flows. */
export const detach = unary("detach");
/** The value itself, never merged with another computation of it. */
export const barrier = unary("barrier");

export const add = binary("add");
export const sub = binary("sub");
export const mul = binary("mul");
export const div = binary("div");
export const pow = binary("pow");
/** Where both are equal each gets half of the gradient. */
export const max = binary("max");
export const min = binary("min");
/** Floored modulo: the result has the sign of the divisor. */
export const mod = binary("mod");
export const eq = binary("eq");
export const lt = binary("lt");
export const le = binary("le");
/** Takes bools. */
export const and = binary("and");
export const or = binary("or");

export const gt: Binary = (b, x, y) => lt(b, y, x);
export const ge: Binary = (b, x, y) => le(b, y, x);
export const ne: Binary = (b, x, y) => not(b, eq(b, x, y));

export const selectSignature = plain("select", 3);

/** x where the bool `condition` holds, else y; all three broadcast. */
export function select(b: Emitter, condition: Value, x: Operand, y: Operand): Value {
  return selectSignature.emit(b, [condition, valueOf(b, x, y), valueOf(b, y, x)], {});
}

export const castSignature = signature("cast", 1, { dtype });

/** A float becomes an int by dropping its fraction, a bool by being other than 0. */
export function cast(b: Emitter, x: Value, dtype: DType): Value {
  return b.typeOf(x).dtype === dtype ? x : castSignature.emit(b, [x], { dtype });
}

export function square(b: Emitter, x: Value): Value {
  return mul(b, x, x);
}

export function rsqrt(b: Emitter, x: Value): Value {
  return div(b, 1, sqrt(b, x));
}

export function reciprocal(b: Emitter, x: Value): Value {
  return div(b, 1, x);
}

/** Gradient 1 inside, half of it on the bounds, 0 outside. */
export function clip(b: Emitter, x: Value, low: Operand, high: Operand): Value {
  return min(b, max(b, x, low), high);
}
