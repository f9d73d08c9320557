import { randomUniform } from "../../src/runtime/random.js";
import type { HostTensor } from "../../src/runtime/tensor.js";

/** ‖a − b‖∞ / max(‖b‖∞, 1e-3). */
export function error(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let difference = 0;
  let size = 1e-3;
  for (let i = 0; i < a.length; i++) {
    const d = Object.is(a[i], b[i]) || a[i] === b[i] ? 0 : Math.abs(a[i]! - b[i]!);
    if (!(d <= difference)) difference = d;
    if (Number.isFinite(b[i])) size = Math.max(size, Math.abs(b[i]!));
  }
  return difference / size;
}

/** The same numbers for the same stream, in [low, high); float32 holds them exactly. */
export function draw(stream: number, shape: readonly number[], low = -1, high = 1): HostTensor {
  const count = shape.reduce((n, d) => n * d, 1);
  const data = Float64Array.from(randomUniform(11, stream, 0, count), (u) =>
    Math.fround(low + (high - low) * u),
  );
  return { dtype: "float", shape, data };
}

/** Different multiples of 0.05 in a shuffled order: nothing is near a tie. */
export function apart(stream: number, shape: readonly number[]): HostTensor {
  const keys = draw(stream, shape).data;
  const order = Array.from(keys, (_, i) => i).sort((p, q) => keys[p]! - keys[q]!);
  const data = new Float64Array(keys.length);
  order.forEach((at, i) => (data[at] = (i - keys.length / 2) * 0.05 + 0.012));
  return { dtype: "float", shape, data };
}

export function ints(shape: readonly number[], data: readonly number[]): HostTensor {
  return { dtype: "int", shape, data: Int32Array.from(data) };
}

export function bools(shape: readonly number[], data: readonly number[]): HostTensor {
  return { dtype: "bool", shape, data: Int32Array.from(data) };
}
