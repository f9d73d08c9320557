import * as op from "../src/runtime/wasm/opcodes";
import { exp, expm1, log, log1p } from "./math";
import { toInt } from "./math-double";
import { erf, erfinv, sigmoid, softplus, tanh } from "./math-special";
import { cos, sin } from "./math-trig";

@inline
function sign(x: v128): v128 {
  const one = v128.or(v128.and(x, f32x4.splat(-0.0)), f32x4.splat(1));
  const zero = f32x4.splat(0);
  return v128.bitselect(one, x, v128.or(f32x4.lt(x, zero), f32x4.gt(x, zero)));
}

@inline
function signOfInt(x: v128): v128 {
  return i32x4.max_s(i32x4.min_s(x, i32x4.splat(1)), i32x4.splat(-1));
}

@inline
function reciprocalSqrt(x: v128): v128 {
  return f32x4.div(f32x4.splat(1), f32x4.sqrt(x));
}

@inline
function square(x: v128): v128 {
  return f32x4.mul(x, x);
}

/** NaN stays. */
@inline
function positivePart(x: v128): v128 {
  return f32x4.pmax(x, f32x4.splat(0));
}

/**
 * An instruction of one operand on the vectors from `target` to `limit`; the operand moves on by `step` bytes: 16, or 0
 * for a scalar. Each opcode has a loop of its own: one loop over a switch would branch for every vector.
 */
export function runUnary(code: i32, target: usize, limit: usize, a: usize, step: usize): void {
  switch (code) {
    case op.COPY:
      for (; target < limit; target += 16, a += step) v128.store(target, v128.load(a));
      return;
    case op.NEG:
      for (; target < limit; target += 16, a += step) v128.store(target, f32x4.neg(v128.load(a)));
      return;
    case op.EXP:
      for (; target < limit; target += 16, a += step) v128.store(target, exp(v128.load(a)));
      return;
    case op.LOG:
      for (; target < limit; target += 16, a += step) v128.store(target, log(v128.load(a)));
      return;
    case op.LOG1P:
      for (; target < limit; target += 16, a += step) v128.store(target, log1p(v128.load(a)));
      return;
    case op.EXPM1:
      for (; target < limit; target += 16, a += step) v128.store(target, expm1(v128.load(a)));
      return;
    case op.SQRT:
      for (; target < limit; target += 16, a += step) v128.store(target, f32x4.sqrt(v128.load(a)));
      return;
    case op.ABS:
      for (; target < limit; target += 16, a += step) v128.store(target, f32x4.abs(v128.load(a)));
      return;
    case op.SIGN:
      for (; target < limit; target += 16, a += step) v128.store(target, sign(v128.load(a)));
      return;
    case op.FLOOR:
      for (; target < limit; target += 16, a += step) v128.store(target, f32x4.floor(v128.load(a)));
      return;
    case op.SIN:
      for (; target < limit; target += 16, a += step) v128.store(target, sin(v128.load(a)));
      return;
    case op.COS:
      for (; target < limit; target += 16, a += step) v128.store(target, cos(v128.load(a)));
      return;
    case op.TANH:
      for (; target < limit; target += 16, a += step) v128.store(target, tanh(v128.load(a)));
      return;
    case op.SIGMOID:
      for (; target < limit; target += 16, a += step) v128.store(target, sigmoid(v128.load(a)));
      return;
    case op.SOFTPLUS:
      for (; target < limit; target += 16, a += step) v128.store(target, softplus(v128.load(a)));
      return;
    case op.ERF:
      for (; target < limit; target += 16, a += step) v128.store(target, erf(v128.load(a)));
      return;
    case op.ERFINV:
      for (; target < limit; target += 16, a += step) v128.store(target, erfinv(v128.load(a)));
      return;
    case op.RECIPROCAL_SQRT:
      for (; target < limit; target += 16, a += step) v128.store(target, reciprocalSqrt(v128.load(a)));
      return;
    case op.SQUARE:
      for (; target < limit; target += 16, a += step) v128.store(target, square(v128.load(a)));
      return;
    case op.POSITIVE_PART:
      for (; target < limit; target += 16, a += step) v128.store(target, positivePart(v128.load(a)));
      return;
    case op.NEG_INT:
      for (; target < limit; target += 16, a += step) v128.store(target, i32x4.neg(v128.load(a)));
      return;
    case op.ABS_INT:
      for (; target < limit; target += 16, a += step) v128.store(target, i32x4.abs(v128.load(a)));
      return;
    case op.SIGN_INT:
      for (; target < limit; target += 16, a += step) v128.store(target, signOfInt(v128.load(a)));
      return;
    case op.NOT:
      for (; target < limit; target += 16, a += step) v128.store(target, v128.not(v128.load(a)));
      return;
    case op.FLOAT_TO_INT:
      for (; target < limit; target += 16, a += step) v128.store(target, toInt(v128.load(a)));
      return;
    case op.INT_TO_FLOAT:
      for (; target < limit; target += 16, a += step) v128.store(target, f32x4.convert_i32x4_s(v128.load(a)));
      return;
    case op.FLOAT_TO_MASK:
      for (; target < limit; target += 16, a += step)
        v128.store(target, f32x4.ne(v128.load(a), f32x4.splat(0)));
      return;
    case op.INT_TO_MASK:
      for (; target < limit; target += 16, a += step)
        v128.store(target, i32x4.ne(v128.load(a), i32x4.splat(0)));
      return;
    case op.MASK_TO_FLOAT:
      for (; target < limit; target += 16, a += step)
        v128.store(target, v128.and(v128.load(a), f32x4.splat(1)));
      return;
    case op.MASK_TO_INT:
      for (; target < limit; target += 16, a += step) v128.store(target, i32x4.neg(v128.load(a)));
      return;
  }
}
