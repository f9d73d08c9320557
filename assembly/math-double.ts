// Powers and remainders: two doubles at a time, then rounded to floats.

/** 2 · atanh(s) from s and s²: the Taylor series, to 1e-14 for |s| ≤ 3 − 2√2. */
@inline
function twiceAtanh(s: v128): v128 {
  const z = f64x2.mul(s, s);
  let p = f64x2.splat(1.0 / 19);
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(1.0 / 17));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(1.0 / 15));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(1.0 / 13));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(1.0 / 11));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(1.0 / 9));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(1.0 / 7));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(1.0 / 5));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(1.0 / 3));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(1));
  return f64x2.mul(f64x2.add(s, s), p);
}

const SQRT_HALF_BITS: i64 = 0x3fe6a09e667f3bcd;

/** log(a) for a ≥ 0 that a float holds. */
@inline
function logOfDouble(a: v128): v128 {
  const exponent = i64x2.shr_s(i64x2.sub(a, i64x2.splat(SQRT_HALF_BITS)), 52);
  const m = i64x2.sub(a, i64x2.shl(exponent, 52));
  const one = f64x2.splat(1);
  const y = twiceAtanh(f64x2.div(f64x2.sub(m, one), f64x2.add(m, one)));
  const e = f64x2.convert_low_i32x4_s(i32x4.shuffle(exponent, exponent, 0, 2, 0, 2));
  const out = f64x2.add(f64x2.mul(e, f64x2.splat(0.6931471805599453)), y);
  const infinity = f64x2.splat(Infinity);
  const finite = v128.bitselect(out, a, f64x2.lt(a, infinity));
  return v128.bitselect(f64x2.neg(infinity), finite, f64x2.eq(a, f64x2.splat(0)));
}

/** eᵗ, 0 or infinite where a float is. */
@inline
function expOfDouble(t: v128): v128 {
  const bounded = f64x2.pmax(f64x2.pmin(t, f64x2.splat(200)), f64x2.splat(-200));
  const n = f64x2.nearest(f64x2.mul(bounded, f64x2.splat(1.4426950408889634)));
  const r = f64x2.sub(bounded, f64x2.mul(n, f64x2.splat(0.6931471805599453)));
  // Taylor's series by Horner's rule: 1 + r/1 (1 + r/2 (1 + r/3 (…)))
  let p = f64x2.splat(1);
  for (let i: f64 = 12; i > 0; i--) {
    p = f64x2.add(f64x2.mul(f64x2.mul(p, r), f64x2.splat(1 / i)), f64x2.splat(1));
  }
  const k = i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(n));
  return f64x2.mul(p, i64x2.shl(i64x2.add(k, i64x2.splat(1023)), 52));
}

/** x to the y, as in JavaScript: |x|^y with a sign for odd y, and NaN for a finite negative x where y isn't whole. */
@inline
function powerOfDoubles(x: v128, y: v128): v128 {
  const zero = f64x2.splat(0);
  const size = expOfDouble(f64x2.mul(y, logOfDouble(f64x2.abs(x))));
  const half = f64x2.mul(y, f64x2.splat(0.5));
  const whole = f64x2.eq(f64x2.floor(y), y);
  const odd = v128.andnot(whole, f64x2.eq(f64x2.floor(half), half));
  const signed = v128.xor(size, v128.and(v128.and(x, odd), f64x2.splat(-0.0)));
  const negative = v128.and(f64x2.lt(x, zero), f64x2.gt(x, f64x2.splat(-Infinity)));
  const out = v128.or(signed, v128.andnot(negative, whole));
  return v128.bitselect(f64x2.splat(1), out, f64x2.eq(y, zero));
}

@inline
function upper(x: v128): v128 {
  return f64x2.promote_low_f32x4(i64x2.shuffle(x, x, 1, 0));
}

@inline
function joined(low: v128, high: v128): v128 {
  return i64x2.shuffle(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
}

/** x to the y, computed in float64 to 1e-13 and rounded. */
export function pow(x: v128, y: v128): v128 {
  const low = powerOfDoubles(f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(y));
  return joined(low, powerOfDoubles(upper(x), upper(y)));
}

@inline
function modOfDoubles(x: v128, y: v128): v128 {
  return f64x2.sub(x, f64x2.mul(f64x2.floor(f64x2.div(x, y)), y));
}

/** x − ⌊x / y⌋ · y in float64, rounded. */
export function mod(x: v128, y: v128): v128 {
  const low = modOfDoubles(f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(y));
  return joined(low, modOfDoubles(upper(x), upper(y)));
}

function modOfInts(x: i32, y: i32): i32 {
  if (y == 0) return 0;
  const rest = x % y;
  return rest != 0 && (rest ^ y) < 0 ? rest + y : rest;
}

/** Floored modulo of ints; 0 where the divisor is 0. */
export function modInt(x: v128, y: v128): v128 {
  let out = i32x4.splat(modOfInts(i32x4.extract_lane(x, 0), i32x4.extract_lane(y, 0)));
  out = i32x4.replace_lane(out, 1, modOfInts(i32x4.extract_lane(x, 1), i32x4.extract_lane(y, 1)));
  out = i32x4.replace_lane(out, 2, modOfInts(i32x4.extract_lane(x, 2), i32x4.extract_lane(y, 2)));
  return i32x4.replace_lane(out, 3, modOfInts(i32x4.extract_lane(x, 3), i32x4.extract_lane(y, 3)));
}

/** An int's 32 bits of a float without its fraction, as JavaScript wraps them; 0 for NaN and infinity. */
function wrapped(x: f32): i32 {
  // From 2⁶³ a float is a multiple of 2³².
  return abs(x) < 9.223372036854775808e18 ? i32(i64(x)) : 0;
}

function wrappedAll(x: v128): v128 {
  let out = i32x4.splat(wrapped(f32x4.extract_lane(x, 0)));
  out = i32x4.replace_lane(out, 1, wrapped(f32x4.extract_lane(x, 1)));
  out = i32x4.replace_lane(out, 2, wrapped(f32x4.extract_lane(x, 2)));
  return i32x4.replace_lane(out, 3, wrapped(f32x4.extract_lane(x, 3)));
}

/** Floats to ints: without the fraction, modulo 2³²; NaN becomes 0. */
@inline
export function toInt(x: v128): v128 {
  const fits = f32x4.lt(f32x4.abs(x), f32x4.splat(2147483648));
  return i32x4.all_true(fits) ? i32x4.trunc_sat_f32x4_s(x) : wrappedAll(x);
}
