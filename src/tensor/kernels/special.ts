const TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

/** To about 1e-15. */
export function erf(x: number): number {
  if (Number.isNaN(x)) return x;
  const a = Math.abs(x);
  if (a >= 3) return Math.sign(x) * (1 - erfcTail(a));
  // 2/√π e^(-x²) Σ 2ⁿ x^(2n+1) / (2n+1)!!: no cancellation
  let term = x;
  let total = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(total); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return TWO_OVER_SQRT_PI * Math.exp(-x * x) * total;
}

/** erfc for x of 1 or more, by its continued fraction. */
function erfcTail(x: number): number {
  if (x > 27) return 0;
  let f = x;
  for (let k = 200; k >= 1; k--) f = x + k / 2 / f;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / f;
}

/** By a rational start (Giles, "Approximating the erfinv function", 2010) and two Halley steps. */
export function erfinv(x: number): number {
  if (!(Math.abs(x) < 1)) return Math.abs(x) === 1 ? x * Infinity : NaN;
  let y = start(x);
  for (let i = 0; i < 2; i++) {
    // Near ±1 the difference of erfc and 1 - |x| keeps the digits that erf - x would lose.
    const miss = Math.abs(y) > 1 ? -Math.sign(y) * (erfcTail(Math.abs(y)) - (1 - Math.abs(x))) : erf(y) - x;
    const step = miss / (TWO_OVER_SQRT_PI * Math.exp(-y * y));
    y -= step / (1 + y * step);
  }
  return y;
}

const CENTRE = [
  2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 0.00021858087, -0.00125372503, -0.00417768164,
  0.246640727, 1.50140941,
];
const TAIL = [
  -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047,
  1.00167406, 2.83297682,
];

function start(x: number): number {
  const w = -Math.log((1 - x) * (1 + x));
  const [coefficients, at] = w < 5 ? [CENTRE, w - 2.5] : [TAIL, Math.sqrt(w) - 3];
  return x * coefficients.reduce((p, c) => p * at + c, 0);
}

export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** Floored modulo: the sign of the divisor. */
export function mod(x: number, y: number): number {
  return x - Math.floor(x / y) * y;
}
