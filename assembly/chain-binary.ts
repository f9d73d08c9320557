import * as op from "../src/runtime/wasm/opcodes";
import { mod, modInt, pow } from "./math-double";
import { multiplyAdd } from "./simd";

// pmax and pmin give x where either is NaN.

@inline
function larger(x: v128, y: v128): v128 {
  return v128.bitselect(y, f32x4.pmax(x, y), f32x4.ne(y, y));
}

@inline
function smaller(x: v128, y: v128): v128 {
  return v128.bitselect(y, f32x4.pmin(x, y), f32x4.ne(y, y));
}

/** An instruction of two operands; see runUnary. */
export function runBinary(
  code: i32,
  target: usize,
  limit: usize,
  a: usize,
  stepA: usize,
  b: usize,
  stepB: usize,
): void {
  switch (code) {
    case op.ADD:
      for (; target < limit; target += 16, a += stepA, b += stepB) {
        v128.store(target, f32x4.add(v128.load(a), v128.load(b)));
      }
      return;
    case op.SUB:
      for (; target < limit; target += 16, a += stepA, b += stepB) {
        v128.store(target, f32x4.sub(v128.load(a), v128.load(b)));
      }
      return;
    case op.MUL:
      for (; target < limit; target += 16, a += stepA, b += stepB) {
        v128.store(target, f32x4.mul(v128.load(a), v128.load(b)));
      }
      return;
    case op.DIV:
      for (; target < limit; target += 16, a += stepA, b += stepB) {
        v128.store(target, f32x4.div(v128.load(a), v128.load(b)));
      }
      return;
    case op.POW:
      for (; target < limit; target += 16, a += stepA, b += stepB) {
        v128.store(target, pow(v128.load(a), v128.load(b)));
      }
      return;
    case op.MAX:
      for (; target < limit; target += 16, a += stepA, b += stepB) {
        v128.store(target, larger(v128.load(a), v128.load(b)));
      }
      return;
    case op.MIN:
      for (; target < limit; target += 16, a += stepA, b += stepB) {
        v128.store(target, smaller(v128.load(a), v128.load(b)));
      }
      return;
    case op.MOD:
      for (; target < limit; target += 16, a += stepA, b += stepB) {
        v128.store(target, mod(v128.load(a), v128.load(b)));
      }
      return;
    case op.EQ:
      for (; target < limit; target += 16, a += stepA, b += stepB) {
        v128.store(target, f32x4.eq(v128.load(a), v128.load(b)));
      }
      return;
    case op.LT:
      for (; target < limit; target += 16, a += stepA, b += stepB) {
        v128.store(target, f32x4.lt(v128.load(a), v128.load(b)));
      }
      return;
    case op.LE:
      for (; target < limit; target += 16, a += stepA, b += stepB) {
        v128.store(target, f32x4.le(v128.load(a), v128.load(b)));
      }
      return;
    case op.ADD_INT:
      for (; target < limit; target += 16, a += stepA, b += stepB) {
        v128.store(target, i32x4.add(v128.load(a), v128.load(b)));
      }
      return;
    case op.SUB_INT:
      for (; target < limit; target += 16, a += stepA, b += stepB) {
        v128.store(target, i32x4.sub(v128.load(a), v128.load(b)));
      }
      return;
    case op.MUL_INT:
      for (; target < limit; target += 16, a += stepA, b += stepB) {
        v128.store(target, i32x4.mul(v128.load(a), v128.load(b)));
      }
      return;
    case op.MAX_INT:
      for (; target < limit; target += 16, a += stepA, b += stepB) {
        v128.store(target, i32x4.max_s(v128.load(a), v128.load(b)));
      }
      return;
    case op.MIN_INT:
      for (; target < limit; target += 16, a += stepA, b += stepB) {
        v128.store(target, i32x4.min_s(v128.load(a), v128.load(b)));
      }
      return;
    case op.MOD_INT:
      for (; target < limit; target += 16, a += stepA, b += stepB) {
        v128.store(target, modInt(v128.load(a), v128.load(b)));
      }
      return;
    case op.EQ_INT:
      for (; target < limit; target += 16, a += stepA, b += stepB) {
        v128.store(target, i32x4.eq(v128.load(a), v128.load(b)));
      }
      return;
    case op.LT_INT:
      for (; target < limit; target += 16, a += stepA, b += stepB) {
        v128.store(target, i32x4.lt_s(v128.load(a), v128.load(b)));
      }
      return;
    case op.LE_INT:
      for (; target < limit; target += 16, a += stepA, b += stepB) {
        v128.store(target, i32x4.le_s(v128.load(a), v128.load(b)));
      }
      return;
    case op.AND:
      for (; target < limit; target += 16, a += stepA, b += stepB) {
        v128.store(target, v128.and(v128.load(a), v128.load(b)));
      }
      return;
    case op.OR:
      for (; target < limit; target += 16, a += stepA, b += stepB) {
        v128.store(target, v128.or(v128.load(a), v128.load(b)));
      }
      return;
  }
}

/** An instruction of three operands; see runUnary. */
export function runTernary(
  code: i32,
  target: usize,
  limit: usize,
  a: usize,
  stepA: usize,
  b: usize,
  stepB: usize,
  c: usize,
  stepC: usize,
): void {
  if (code == op.SELECT) {
    for (; target < limit; target += 16, a += stepA, b += stepB, c += stepC) {
      v128.store(target, v128.bitselect(v128.load(b), v128.load(c), v128.load(a)));
    }
  } else {
    for (; target < limit; target += 16, a += stepA, b += stepB, c += stepC) {
      v128.store(target, multiplyAdd(v128.load(a), v128.load(b), v128.load(c)));
    }
  }
}
