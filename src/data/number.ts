/** The number that a text is, or undefined: `3.5` and `-2e3` are, `3,5` and `1_000` are not. */
export function parseNumber(text: string): number | undefined {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** Where one number spoils a fitted transform, all rows are wrong after it: it is the one farthest from 0. */
export function largestOf(values: Float64Array, isWrong: (row: number) => boolean): number {
  let found = -1;
  for (let row = 0; row < values.length; row++)
    if (isWrong(row) && (found < 0 || Math.abs(values[row]!) > Math.abs(values[found]!))) found = row;
  return found;
}
