import { InputError } from "../errors.js";
import type { ModelTypes, OpenTypes } from "../types.js";
import { pick, rowTaker, type Columns } from "./draw.js";
import type { DrawEpisode, TaskRows } from "./episodes.js";

/** Labelled rows to draw episodes of. */
export interface LabelledRows<T extends ModelTypes = OpenTypes> {
  /** Raw numbers of each input, row-major. */
  readonly inputs: Columns<T["inputs"]>;
  /** The class of each row. */
  readonly classes: readonly string[];
}

/**
 * Episodes of `ways` of these classes. Each episode draws its classes anew, and which index each class has, so that only the
 * support tells what an index means. Support and query never share a row.
 */
export function classEpisodes<T extends ModelTypes = OpenTypes>(
  rows: LabelledRows<T>,
  among: readonly string[],
  { ways, task }: { readonly ways: number; readonly task: keyof T["labels"] & string },
): DrawEpisode<T> {
  const own = new Map(among.map((name): [string, number[]] => [name, []]));
  rows.classes.forEach((name, row) => own.get(name)?.push(row));
  const inputs = rowTaker(Object.entries<Float64Array>(rows.inputs), rows.classes.length);
  const take = (chosen: readonly (readonly number[])[]): TaskRows<T> =>
    // T names just these fields: the inputs of `rows`, and the task's label.
    ({
      inputs: inputs(chosen.flat()),
      labels: { [task]: chosen.flatMap((of, index) => of.map(() => index)) },
    }) as TaskRows<T>;
  return (uniform, sizes) => {
    const [support, query] = [sizes.support / ways, sizes.query / ways];
    // With fewer classes than `ways`, as validation may have, episodes have all of them.
    const chosen = pick(uniform, [...among.entries()], Math.min(ways, among.length));
    const drawn = chosen.map(([, name]) => {
      const rowsOf = own.get(name) ?? [];
      if (rowsOf.length < support + query)
        throw new InputError(
          `the class ${name} has ${rowsOf.length} rows; an episode takes ${support + query}.`,
        );
      return pick(uniform, rowsOf, support + query);
    });
    return {
      support: take(drawn.map((of) => of.slice(0, support))),
      query: take(drawn.map((of) => of.slice(support))),
      classes: chosen.map(([index]) => index),
    };
  };
}
