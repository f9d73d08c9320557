import { InputError } from "../errors.js";
import type { Uniform } from "../families/index.js";
import type { ModelTypes, OpenTypes } from "../types.js";
import type { DrawEpisode, TaskRows } from "./episodes.js";

/** Labelled rows to draw episodes of. */
export interface ClassRows {
  /** Raw numbers of each input, row-major. */
  readonly inputs: Readonly<Record<string, Float64Array>>;
  /** The class of each row. */
  readonly classes: readonly string[];
}

/**
 * Episodes of so many of these classes, drawn anew for each together with the index that each class has in it: what an
 * index means is to be seen from the support alone. Support and query never share a row.
 */
export function classEpisodes<T extends ModelTypes = OpenTypes>(
  rows: ClassRows,
  among: readonly string[],
  { ways, task }: { readonly ways: number; readonly task: keyof T["labels"] & string },
): DrawEpisode<T> {
  const own = new Map(among.map((name): [string, number[]] => [name, []]));
  rows.classes.forEach((name, row) => own.get(name)?.push(row));
  const widths = Object.entries(rows.inputs).map(
    ([name, values]) => [name, values, values.length / rows.classes.length] as const,
  );
  const take = (chosen: readonly (readonly number[])[]): TaskRows<T> => {
    const flat = chosen.flat();
    const inputs = widths.map(([name, values, width]) => {
      const taken = new Float64Array(flat.length * width);
      flat.forEach((row, i) => taken.set(values.subarray(row * width, (row + 1) * width), i * width));
      return [name, taken] as const;
    });
    return {
      inputs: Object.fromEntries(inputs),
      labels: { [task]: chosen.flatMap((of, index) => of.map(() => index)) },
    } as TaskRows<T>;
  };
  return (uniform, sizes) => {
    const [support, query] = [sizes.support / ways, sizes.query / ways];
    // Few classes for validation make episodes of fewer ways.
    const chosen = pick(uniform, [...among.keys()], Math.min(ways, among.length));
    const drawn = chosen.map((index) => {
      const name = among[index]!;
      const rowsOf = own.get(name)!;
      if (rowsOf.length < support + query)
        throw new InputError(
          `the class ${name} has ${rowsOf.length} rows; an episode takes ${support + query}.`,
        );
      return pick(uniform, rowsOf, support + query);
    });
    return {
      support: take(drawn.map((of) => of.slice(0, support))),
      query: take(drawn.map((of) => of.slice(support))),
      classes: chosen,
    };
  };
}

/** Draws so many different ones, in a random order. */
function pick<T>(uniform: Uniform, from: readonly T[], count: number): T[] {
  const left = [...from];
  return Array.from({ length: count }, (_, i) => {
    const j = i + Math.floor(uniform() * (left.length - i));
    [left[i], left[j]] = [left[j]!, left[i]!];
    return left[i]!;
  });
}
