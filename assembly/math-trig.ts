import { term } from "./math";
import { multiplyAdd } from "./simd";

// Sine and cosine of four floats: reduced by multiples of π/2 in float64, then polynomials on |r| ≤ π/4.

/** π/2 in two parts; the first has 30 bits, so that its product with a whole number up to 2²³ is exact. */
const HALF_PI_HIGH: f64 = 1.570796325802803;
const HALF_PI_LOW: f64 = 9.920935796805404e-10;
const TWO_OVER_PI: f64 = 0.63661977236758134;

@inline
function quarters(x: v128): v128 {
  return f64x2.nearest(f64x2.mul(x, f64x2.splat(TWO_OVER_PI)));
}

@inline
function rest(x: v128, n: v128): v128 {
  const r = f64x2.sub(x, f64x2.mul(n, f64x2.splat(HALF_PI_HIGH)));
  return f32x4.demote_f64x2_zero(f64x2.sub(r, f64x2.mul(n, f64x2.splat(HALF_PI_LOW))));
}

/** sin(x + turn · π/2). */
function turned(x: v128, turn: i32): v128 {
  const low = f64x2.promote_low_f32x4(x);
  const high = f64x2.promote_low_f32x4(i64x2.shuffle(x, x, 1, 0));
  const n = quarters(low);
  const m = quarters(high);
  const unbounded = i64x2.shuffle(rest(low, n), rest(high, m), 0, 2);
  // Far outside the reduction's range the result stays in [-1, 1].
  const r = f32x4.pmax(f32x4.pmin(unbounded, f32x4.splat(0.79)), f32x4.splat(-0.79));
  const whole = i64x2.shuffle(i32x4.trunc_sat_f64x2_s_zero(n), i32x4.trunc_sat_f64x2_s_zero(m), 0, 2);
  const quadrant = i32x4.add(whole, i32x4.splat(turn));
  const z = f32x4.mul(r, r);
  const odd = i32x4.shr_s(i32x4.shl(quadrant, 31), 31);
  const y = v128.bitselect(cosine(z), sine(r, z), odd);
  const sign = i32x4.shl(i32x4.shr_s(quadrant, 1), 31);
  return v128.xor(y, sign);
}

@inline
function sine(r: v128, z: v128): v128 {
  let p = term(f32x4.splat(-0.000195069428), z, 0.00833209977);
  p = term(p, z, -0.166666538);
  return multiplyAdd(f32x4.mul(r, z), p, r);
}

@inline
function cosine(z: v128): v128 {
  let p = term(f32x4.splat(2.44236253e-5), z, -0.00138872338);
  p = term(p, z, 0.0416666456);
  const half = term(z, f32x4.splat(-0.5), 1);
  return multiplyAdd(f32x4.mul(z, z), p, half);
}

/** sin(x) to an absolute 1e-7 and 2 ulp up to |x| = 1e5, to 1e-7 up to 1e7, and in [−1, 1] beyond; NaN at infinity. */
@inline
export function sin(x: v128): v128 {
  return turned(x, 0);
}

/** cos(x), with the bounds of sin. */
@inline
export function cos(x: v128): v128 {
  return turned(x, 1);
}
