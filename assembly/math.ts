import { multiplyAdd } from "./simd";

// Exponentials and logarithms of four floats. Polynomials are minimax fits (Remez exchange) made for these
// functions; the reductions are the usual ones: eˣ = 2ⁿ · eʳ with |r| ≤ ½ ln 2, and x = 2ᵉ · m with √½ ≤ m < √2.
// Bounds are those that test/kernels/math.test.ts measures against float64.

/** ln 2 in two parts: the first has 9 bits, so that its product with a whole number up to 2¹⁵ is exact. */
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.1219444e-4;
const LOG2_E: f32 = 1.44269502;
/** 1.5 · 2²³: adding it leaves a whole number in a float's low bits. */
const ROUNDER: f32 = 12582912;
const ROUNDER_BITS: i32 = 0x4b400000;

/** p · x + c. */
@inline
export function term(p: v128, x: v128, c: f32): v128 {
  return multiplyAdd(p, x, f32x4.splat(c));
}

/** (eʳ − 1 − r) / r² for |r| ≤ ½ ln 2; the error is 1.6e-8 of eʳ − 1. */
@inline
function expTail(r: v128): v128 {
  let q = term(f32x4.splat(0.00139468152), r, 0.00836679433);
  q = term(q, r, 0.0416662768);
  q = term(q, r, 0.16666542);
  return term(q, r, 0.5);
}

/** 2ᵏ for −127 < k < 128. */
@inline
function powerOfTwo(k: v128): v128 {
  return i32x4.shl(i32x4.add(k, i32x4.splat(127)), 23);
}

/** The nearest whole number to x · log₂e, with ROUNDER added. */
@inline
function roundedPower(x: v128): v128 {
  return term(x, f32x4.splat(LOG2_E), ROUNDER);
}

/** x · 2ᵏ in two steps, for what neither a factor nor the result's exponent can hold. */
@inline
function scale(x: v128, k: v128): v128 {
  const half = i32x4.shr_s(k, 1);
  return f32x4.mul(f32x4.mul(x, powerOfTwo(half)), powerOfTwo(i32x4.sub(k, half)));
}

/** e to the x − n ln 2. */
@inline
function expOfRest(x: v128, n: v128): v128 {
  const high = multiplyAdd(n, f32x4.splat(-LN2_HIGH), x);
  const rest = multiplyAdd(n, f32x4.splat(-LN2_LOW), high);
  const p = multiplyAdd(f32x4.mul(rest, rest), expTail(rest), rest);
  return f32x4.add(p, f32x4.splat(1));
}

/** eˣ to 1.1 ulp, with gradual underflow; infinite above 88.72. */
@inline
export function exp(x: v128): v128 {
  // This order of operands lets NaN through.
  const bounded = f32x4.pmax(f32x4.pmin(x, f32x4.splat(89)), f32x4.splat(-104));
  const rounded = roundedPower(bounded);
  const k = i32x4.sub(rounded, i32x4.splat(ROUNDER_BITS));
  return scale(expOfRest(bounded, f32x4.sub(rounded, f32x4.splat(ROUNDER))), k);
}

/** eˣ to 1.1 ulp for |x| ≤ 87 or NaN. */
export function expBounded(x: v128): v128 {
  const rounded = roundedPower(x);
  const k = i32x4.sub(rounded, i32x4.splat(ROUNDER_BITS));
  return f32x4.mul(expOfRest(x, f32x4.sub(rounded, f32x4.splat(ROUNDER))), powerOfTwo(k));
}

/** eˣ − 1 to 1.7 ulp. */
export function expm1(x: v128): v128 {
  const bounded = f32x4.pmax(f32x4.pmin(x, f32x4.splat(89)), f32x4.splat(-20));
  const rounded = roundedPower(bounded);
  const k = i32x4.sub(rounded, i32x4.splat(ROUNDER_BITS));
  const n = f32x4.sub(rounded, f32x4.splat(ROUNDER));
  const high = multiplyAdd(n, f32x4.splat(-LN2_HIGH), bounded);
  const low = f32x4.mul(n, f32x4.splat(LN2_LOW));
  const r = f32x4.sub(high, low);
  const lost = f32x4.sub(f32x4.sub(high, r), low);
  const p = f32x4.add(multiplyAdd(f32x4.mul(r, r), expTail(r), lost), r);
  // eˣ − 1 = 2ᵏ · (p + 1 − 2⁻ᵏ)
  const inverse = powerOfTwo(i32x4.neg(i32x4.min_s(k, i32x4.splat(64))));
  return scale(f32x4.add(p, f32x4.sub(f32x4.splat(1), inverse)), k);
}

/** (log(1 + f) − f + f²/2) / f³ for √½ ≤ 1 + f < √2. */
@inline
function logTail(f: v128): v128 {
  let p = term(f32x4.splat(-0.076402761), f, 0.12770319);
  p = term(p, f, -0.131621823);
  p = term(p, f, 0.142007336);
  p = term(p, f, -0.166230619);
  p = term(p, f, 0.200012594);
  p = term(p, f, -0.250008285);
  return term(p, f, 0.333333313);
}

const SQRT_HALF_BITS: i32 = 0x3f3504f3;

/** log(x) + added for normal, finite x above 0; `shift` is subtracted from the exponent. */
@inline
function logOfNormal(x: v128, added: v128, shift: v128): v128 {
  const exponent = i32x4.shr_s(i32x4.sub(x, i32x4.splat(SQRT_HALF_BITS)), 23);
  const f = f32x4.sub(i32x4.sub(x, i32x4.shl(exponent, 23)), f32x4.splat(1));
  const e = f32x4.convert_i32x4_s(i32x4.sub(exponent, shift));
  const square = f32x4.mul(f, f);
  let y = multiplyAdd(f32x4.mul(f, square), logTail(f), added);
  y = multiplyAdd(e, f32x4.splat(LN2_LOW), y);
  y = multiplyAdd(square, f32x4.splat(-0.5), y);
  return multiplyAdd(e, f32x4.splat(LN2_HIGH), f32x4.add(f, y));
}

/** What a logarithm is at 0, below 0, at infinity and NaN; `y` elsewhere. */
function logSpecial(x: v128, y: v128): v128 {
  const infinity = f32x4.splat(Infinity);
  const zero = f32x4.splat(0);
  let out = v128.bitselect(y, x, f32x4.lt(x, infinity));
  out = v128.bitselect(f32x4.splat(-Infinity), out, f32x4.eq(x, zero));
  return v128.or(out, f32x4.lt(x, zero));
}

function logOfAny(x: v128): v128 {
  const small = f32x4.lt(x, f32x4.splat(1.17549435e-38));
  const scaled = v128.bitselect(f32x4.mul(x, f32x4.splat(16777216)), x, small);
  const shift = v128.and(small, i32x4.splat(24));
  return logSpecial(x, logOfNormal(scaled, f32x4.splat(0), shift));
}

/** log(x) to 1 ulp, also of subnormal numbers. */
export function log(x: v128): v128 {
  const least = f32x4.ge(x, f32x4.splat(1.17549435e-38));
  if (i32x4.all_true(v128.and(least, f32x4.lt(x, f32x4.splat(Infinity))))) {
    return logOfNormal(x, f32x4.splat(0), i32x4.splat(0));
  }
  return logOfAny(x);
}

/** log(1 + x), where u is their rounded sum: what the sum lost counts by the logarithm's derivative. */
@inline
function logOfSum(u: v128, x: v128): v128 {
  const lost = f32x4.sub(x, f32x4.sub(u, f32x4.splat(1)));
  return logOfNormal(u, f32x4.div(lost, u), i32x4.splat(0));
}

/** log(1 + x) to 1 ulp. */
export function log1p(x: v128): v128 {
  const u = f32x4.add(x, f32x4.splat(1));
  const y = logOfSum(u, x);
  const positive = f32x4.gt(u, f32x4.splat(0));
  if (i32x4.all_true(v128.and(positive, f32x4.lt(u, f32x4.splat(Infinity))))) return y;
  return logSpecial(u, y);
}

/** log(1 + x) to 1 ulp for x of 0 to 1, or NaN. */
export function log1pOfUnit(x: v128): v128 {
  return logOfSum(f32x4.add(x, f32x4.splat(1)), x);
}
