import { ops, type Value } from "../../tensor/index.js";
import { dimensionAt } from "../sizes.js";
import type { InitializerContext } from "../entry.js";

/** The standard deviation of a standard normal variable that is cut off at ±2 (Keras divides by it as well). */
const TRUNCATED_DEVIATION = 0.87962566103423978;

/** How many inputs and outputs a weight connects, counted as Keras does. */
export function fans(shape: readonly number[]): { fanIn: number; fanOut: number } {
  const [first, ...others] = shape;
  if (first === undefined) return { fanIn: 1, fanOut: 1 };
  if (others.length === 0) return { fanIn: first, fanOut: first };
  const receptive = shape.slice(0, -2).reduce((a, d) => a * d, 1);
  return { fanIn: receptive * dimensionAt(shape, -2), fanOut: receptive * dimensionAt(shape, -1) };
}

/** Uniform numbers with this variance. */
export function scaledUniform({ b, shape, seed, stream }: InitializerContext, variance: number): Value {
  const limit = Math.sqrt(3 * variance);
  const u = ops.uniform(b, { seed, step: ops.scalar(b, 0, "int"), stream }, shape);
  return ops.sub(b, ops.mul(b, u, 2 * limit), limit);
}

/** Truncated normal numbers with this variance. */
export function scaledNormal({ b, shape, seed, stream }: InitializerContext, variance: number): Value {
  const z = ops.truncatedNormal(b, { seed, step: ops.scalar(b, 0, "int"), stream }, shape);
  return ops.mul(b, z, Math.sqrt(variance) / TRUNCATED_DEVIATION);
}
