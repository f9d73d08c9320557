import { shape, whole } from "../attributes.js";
import type { Shape } from "../dimension.js";
import type { Emitter } from "../emitter.js";
import type { Value } from "../program.js";
import { signature } from "../signature.js";
import { add, erfinv, mul, sub } from "./elementwise.js";

/** What a draw depends on: int scalars `seed` and `step`, and a number per weight path or layer. */
export interface RandomKey {
  readonly seed: Value;
  readonly step: Value;
  /** An unsigned 32-bit number. */
  readonly stream: number;
}

export const randomSignature = signature("random", 2, { stream: whole, shape });

/** Uniform multiples of 2⁻²⁴ in [0, 1). */
export function random(b: Emitter, { seed, step, stream }: RandomKey, shape: Shape): Value {
  return randomSignature.emit(b, [seed, step], { stream, shape });
}

export function uniform(b: Emitter, key: RandomKey, shape: Shape, low = 0, high = 1): Value {
  const u = random(b, key, shape);
  return low === 0 && high === 1 ? u : add(b, mul(b, u, high - low), low);
}

/** By the inverse distribution function of (k + ½)·2⁻²⁴, which is never 0 or 1: no draw is infinite. */
export function normal(b: Emitter, key: RandomKey, shape: Shape, mean = 0, deviation = 1): Value {
  // Every step is exact in float32; adding the half to u itself would be rounded away for half of the draws.
  const centred = add(b, mul(b, sub(b, random(b, key, shape), 0.5), 2), 2 ** -24);
  return scaled(b, erfinv(b, centred), mean, deviation);
}

/** erf(2 / √2): the share of a normal distribution within two standard deviations. */
const WITHIN_TWO = 0.9544997361036416;

/** A normal cut off at two (untruncated) standard deviations; `deviation` is that of the normal before the cut. */
export function truncatedNormal(b: Emitter, key: RandomKey, shape: Shape, mean = 0, deviation = 1): Value {
  const centred = mul(b, sub(b, random(b, key, shape), 0.5), 2 * WITHIN_TWO);
  return scaled(b, erfinv(b, centred), mean, deviation);
}

function scaled(b: Emitter, x: Value, mean: number, deviation: number): Value {
  const wide = mul(b, x, Math.SQRT2 * deviation);
  return mean === 0 ? wide : add(b, wide, mean);
}
