import type { Uniform } from "../families/index.js";

/** Draws `count` different items, in a random order. */
export function pick<T>(uniform: Uniform, from: readonly T[], count: number): T[] {
  const left = [...from];
  return Array.from({ length: count }, (_, i) => {
    const j = i + Math.floor(uniform() * (left.length - i));
    [left[i], left[j]] = [left[j]!, left[i]!];
    return left[i]!;
  });
}

/** Row-major numbers of each field. */
export type Columns<Fields extends object> = { readonly [Name in keyof Fields]: Float64Array };

/** Returns a function that takes some rows out of named row-major columns. */
export function rowTaker(
  columns: readonly (readonly [string, Float64Array])[],
  rows: number,
): (chosen: readonly number[]) => Record<string, Float64Array> {
  const widths = columns.map(([name, values]) => [name, values, values.length / rows] as const);
  return (chosen) =>
    Object.fromEntries(
      widths.map(([name, values, width]) => {
        const taken = new Float64Array(chosen.length * width);
        chosen.forEach((row, i) => taken.set(values.subarray(row * width, (row + 1) * width), i * width));
        return [name, taken];
      }),
    );
}
