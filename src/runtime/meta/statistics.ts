/** Statistics of one number over many tasks. */
export interface Spread {
  /** Over the tasks that have a finite number; null where none has. */
  readonly mean: number | null;
  /** 1.96 · standard deviation / √n: the mean's 95 % interval is this to both sides. */
  readonly interval: number | null;
  readonly median: number | null;
  /** Tasks whose number is not finite: adaptation went astray in them. */
  readonly diverged: number;
}

export function summarize(values: readonly number[]): Spread {
  const finite = values.filter(Number.isFinite).sort((a, b) => a - b);
  const diverged = values.length - finite.length;
  if (finite.length === 0) return { mean: null, interval: null, median: null, diverged };
  const n = finite.length;
  const mean = finite.reduce((a, x) => a + x, 0) / n;
  const squares = finite.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  const interval = n === 1 ? null : (1.96 * Math.sqrt(squares / (n - 1))) / Math.sqrt(n);
  const middle = n >> 1;
  const median = n % 2 === 1 ? finite[middle]! : (finite[middle - 1]! + finite[middle]!) / 2;
  return { mean, interval, median, diverged };
}
