import { greatest, least } from "../runtime/extremes.js";
import type { Range, RangeContext } from "./entry.js";

const anything: Range = { low: -Infinity, high: Infinity };

export const linear: Range = { ...anything, linear: true };

/** The range of a layer whose last step multiplies by weights, or adds them, or looks them up. */
export const isLinear = (): Range => linear;

/** The range of a layer whose outputs are its inputs: in another shape, some of them, or their mean. */
export function passes({ ranges, inputs, output }: RangeContext): Range {
  const sameAxis = inputs.every((dims) => dims.at(-1) === output.at(-1));
  return {
    low: least(ranges.map((r) => r.low)),
    high: greatest(ranges.map((r) => r.high)),
    linear: ranges.some((r) => r.linear),
    shares: sameAxis && ranges.every((r) => r.shares),
  };
}

/** The range of a function that never falls. */
export const rising =
  (f: (x: number) => number) =>
  (_: unknown, { low, high }: Range): Range => ({ low: f(low), high: f(high) });

type Combine = (a: Range, b: Range) => Pick<Range, "low" | "high">;

/**
 * The range of an elementwise combination of tensors. Probabilities mixed with probabilities count as probabilities; anything
 * else counts as a linear output.
 */
export function mixes(combine: Combine): (context: RangeContext) => Range {
  return ({ ranges }) => probabilitiesOf(ranges) ?? { ...combined(combine, ranges), linear: true };
}

/** The mean of several tensors. */
export function averages(context: RangeContext): Range {
  return probabilitiesOf(context.ranges) ?? { ...passes(context), linear: true };
}

/** The range of a layer that divides; a quotient with bounds may be a normalization, and is not linear. */
export function divides({ ranges }: RangeContext): Range {
  const { low, high } = combined(quotient, ranges);
  return probabilitiesOf(ranges) ?? { low, high, linear: low === -Infinity && high === Infinity };
}

function combined(combine: Combine, ranges: readonly Range[]): Pick<Range, "low" | "high"> {
  return ranges.reduce((a, b) => combine(a, b));
}

function probabilitiesOf(ranges: readonly Range[]): Range | undefined {
  return ranges.every(isProbability) ? { low: 0, high: 1, shares: ranges.some((r) => r.shares) } : undefined;
}

export function isProbability({ low, high }: Range): boolean {
  return low >= 0 && high <= 1;
}

export const sum: Combine = (a, b) => ({ low: a.low + b.low, high: a.high + b.high });

export const difference: Combine = (a, b) => ({ low: a.low - b.high, high: a.high - b.low });

export const product: Combine = (a, b) => {
  const corners = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high];
  // 0 · ∞ is 0 here: an infinite bound stands for numbers of any size, which are finite.
  const known = corners.map((x) => (Number.isNaN(x) ? 0 : x));
  return { low: least(known), high: greatest(known) };
};

const quotient: Combine = (a, b) =>
  b.low > 0 || b.high < 0
    ? product(a, { low: 1 / b.high, high: 1 / b.low })
    : b.low === 0 && a.low >= 0
      ? { low: 0, high: Infinity }
      : anything;
