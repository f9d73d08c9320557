/** The quantile of sorted values, with linear interpolation between the two nearest, as numpy does by default. */
export function quantile(sorted: Float64Array, q: number): number {
  const position = (sorted.length - 1) * q;
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (position - below);
}

export function median(values: Float64Array): number {
  return quantile(values.toSorted(), 0.5);
}

/** The mean, without the overflow or the loss of digits that a plain sum of many values has. */
export function mean(values: Float64Array): number {
  let sum = 0;
  let lost = 0;
  for (const x of values) {
    const term = x - lost;
    const next = sum + term;
    lost = next - sum - term;
    sum = next;
  }
  return sum / values.length;
}
