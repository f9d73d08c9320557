import { exp, expBounded, log, log1pOfUnit, term } from "./math";
import { multiplyAdd } from "./simd";

// tanh, the logistic functions and the error functions of four floats; see math.ts for where coefficients come from.

/** |y| with the sign of x. */
@inline
function withSign(y: v128, x: v128): v128 {
  return v128.bitselect(x, y, f32x4.splat(-0.0));
}

/** tanh(x) to 1.4 ulp. */
export function tanh(x: v128): v128 {
  const a = f32x4.abs(x);
  const z = f32x4.mul(x, x);
  let p = term(f32x4.splat(-0.00570499105), z, 0.0206390917);
  p = term(p, z, -0.0537397154);
  p = term(p, z, 0.133314416);
  p = term(p, z, -0.333332807);
  const near = multiplyAdd(f32x4.mul(x, z), p, x);
  const bounded = f32x4.pmin(a, f32x4.splat(10));
  const e = expBounded(f32x4.add(bounded, bounded));
  const ratio = f32x4.div(f32x4.splat(2), f32x4.add(e, f32x4.splat(1)));
  const far = withSign(f32x4.sub(f32x4.splat(1), ratio), x);
  return v128.bitselect(near, far, f32x4.lt(a, f32x4.splat(0.625)));
}

/** 1 / (1 + e⁻ˣ) to 2 ulp, with gradual underflow. */
export function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1);
  const e = exp(f32x4.neg(f32x4.abs(x)));
  const sum = f32x4.add(one, e);
  const lost = f32x4.sub(e, f32x4.sub(sum, one));
  const negative = f32x4.lt(x, f32x4.splat(0));
  const q = f32x4.div(v128.bitselect(e, one, negative), sum);
  // To first order the sum's rounding error divided by the sum, whose inverse is q or 1 − q.
  const inverse = v128.bitselect(f32x4.sub(one, q), q, negative);
  return f32x4.sub(q, f32x4.mul(f32x4.mul(q, inverse), lost));
}

/** log(1 + eˣ) to 1.7 ulp, with gradual underflow. */
export function softplus(x: v128): v128 {
  const tail = log1pOfUnit(exp(f32x4.neg(f32x4.abs(x))));
  return f32x4.add(f32x4.pmax(x, f32x4.splat(0)), tail);
}

/** log(erfc(t)) for 1 ≤ t ≤ 4; the error is 4e-9 where it counts, in erfc. */
@inline
function logErfc(t: v128): v128 {
  let p = term(f32x4.splat(-2.16867193e-5), t, 0.000441334763);
  p = term(p, t, -0.00420455355);
  p = term(p, t, 0.0252082329);
  p = term(p, t, -0.108418539);
  p = term(p, t, -0.633219957);
  p = term(p, t, -1.12957835);
  return term(p, t, 0.000188035716);
}

/** The error function to 1.4 ulp. */
export function erf(x: v128): v128 {
  const a = f32x4.abs(x);
  const z = f32x4.mul(x, x);
  let p = term(f32x4.splat(7.8538651e-5), z, -0.000801019429);
  p = term(p, z, 0.00518832775);
  p = term(p, z, -0.0268538129);
  p = term(p, z, 0.112835854);
  p = term(p, z, -0.37612626);
  p = term(p, z, 0.128379166);
  const near = multiplyAdd(x, p, x);
  const tail = expBounded(logErfc(f32x4.pmin(a, f32x4.splat(4))));
  const far = withSign(f32x4.sub(f32x4.splat(1), tail), x);
  return v128.bitselect(near, far, f32x4.lt(a, f32x4.splat(1)));
}

@inline
function erfinvCentre(w: v128): v128 {
  const t = f32x4.sub(w, f32x4.splat(2.5));
  let p = term(f32x4.splat(2.81022636e-8), t, 3.43273939e-7);
  p = term(p, t, -3.5233877e-6);
  p = term(p, t, -4.39150654e-6);
  p = term(p, t, 0.00021858087);
  p = term(p, t, -0.00125372503);
  p = term(p, t, -0.00417768164);
  p = term(p, t, 0.246640727);
  return term(p, t, 1.50140941);
}

@inline
function erfinvTail(w: v128): v128 {
  const t = f32x4.sub(f32x4.sqrt(w), f32x4.splat(3));
  let p = term(f32x4.splat(-0.000200214257), t, 0.000100950558);
  p = term(p, t, 0.00134934322);
  p = term(p, t, -0.00367342844);
  p = term(p, t, 0.00573950773);
  p = term(p, t, -0.0076224613);
  p = term(p, t, 0.00943887047);
  p = term(p, t, 1.00167406);
  return term(p, t, 2.83297682);
}

/**
 * The inverse of erf to a relative 5e-7: the single-precision polynomials of Giles, "Approximating the erfinv function"
 * (2010).
 */
export function erfinv(x: v128): v128 {
  const one = f32x4.splat(1);
  const w = f32x4.neg(log(f32x4.mul(f32x4.sub(one, x), f32x4.add(one, x))));
  const p = v128.bitselect(erfinvCentre(w), erfinvTail(w), f32x4.lt(w, f32x4.splat(5)));
  const ends = f32x4.eq(f32x4.abs(x), one);
  return f32x4.mul(x, v128.bitselect(f32x4.splat(Infinity), p, ends));
}
