import type { Extent } from "../../runtime/wasm/plan.js";
import { coefficientOf, powerOf, sizeOf, type Dimension, type Shape } from "../../tensor/dimension.js";

type Coefficients = readonly number[];

function coefficients(extent: Extent): Coefficients {
  return typeof extent === "number" ? [extent] : extent;
}

function made(all: readonly number[]): Extent {
  let length = all.length;
  while (length > 1 && all[length - 1] === 0) length--;
  return length <= 1 ? (all[0] ?? 0) : all.slice(0, length);
}

export function extentOf(d: Dimension): Extent {
  if (typeof d === "number") return d;
  const power = powerOf(d);
  return made([...Array.from({ length: power }, () => 0), coefficientOf(d)]);
}

export function sizeExtent(shape: Shape): Extent {
  return extentOf(sizeOf(shape));
}

export function plus(a: Extent, b: Extent): Extent {
  if (typeof a === "number" && typeof b === "number") return a + b;
  const [p, q] = [coefficients(a), coefficients(b)];
  return made(Array.from({ length: Math.max(p.length, q.length) }, (_, k) => (p[k] ?? 0) + (q[k] ?? 0)));
}

export function times(a: Extent, b: Extent): Extent {
  if (typeof a === "number" && typeof b === "number") return a * b;
  const [p, q] = [coefficients(a), coefficients(b)];
  const out = Array.from({ length: p.length + q.length - 1 }, () => 0);
  p.forEach((x, i) => q.forEach((y, j) => (out[i + j]! += x * y)));
  return made(out);
}

export function negated(a: Extent): Extent {
  return times(a, -1);
}

export function sameExtent(a: Extent, b: Extent): boolean {
  if (typeof a === "number" || typeof b === "number") return a === b;
  const [p, q] = [coefficients(a), coefficients(b)];
  return p.length === q.length && p.every((x, i) => x === q[i]);
}

/** The product of extents; 1 of none. */
export function product(all: readonly Extent[]): Extent {
  return all.reduce<Extent>(times, 1);
}

export function total(all: readonly Extent[]): Extent {
  return all.reduce<Extent>(plus, 0);
}

/** The strides of a dense tensor, row-major. */
export function denseStrides(sizes: readonly Extent[]): Extent[] {
  const strides: Extent[] = sizes.map(() => 1);
  let step: Extent = 1;
  for (let i = sizes.length - 1; i >= 0; i--) {
    strides[i] = step;
    step = times(step, sizes[i]!);
  }
  return strides;
}

/** `B`, `64`, `2·B² + 3`. */
export function showExtent(extent: Extent): string {
  const terms = coefficients(extent).flatMap((c, k) => {
    if (c === 0) return [];
    const power = k === 0 ? "" : k === 1 ? "B" : `B^${k}`;
    return [power === "" ? String(c) : c === 1 ? power : `${c}·${power}`];
  });
  return terms.length === 0 ? "0" : terms.reverse().join(" + ");
}
