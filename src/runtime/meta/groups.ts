import { InputError } from "../errors.js";
import { pick, rowTaker, type Columns } from "./draw.js";
import type { ModelTypes, OpenTypes } from "../types.js";
import type { DrawEpisode, TaskRows } from "./episodes.js";

/** Labelled rows, each of one task. */
export interface GroupRows<T extends ModelTypes = OpenTypes> {
  /** Raw numbers of each input, row-major. */
  readonly inputs: Columns<T["inputs"]>;
  /** Raw numbers of each label, row-major. */
  readonly labels: Columns<T["labels"]>;
  /** The task of each row, by any name. */
  readonly groups: readonly string[];
}

/**
 * Episodes of one of these groups of rows each, every group as likely as any other. Support and query never share a row.
 * Throws an InputError where there is no group, or one has fewer rows than an episode takes of it.
 */
export function groupEpisodes<T extends ModelTypes = OpenTypes>(
  rows: GroupRows<T>,
  among: readonly string[],
): DrawEpisode<T> {
  if (among.length === 0) throw new InputError("there is no group to draw episodes of.");
  const own = new Map(among.map((name): [string, number[]] => [name, []]));
  rows.groups.forEach((name, row) => own.get(name)?.push(row));
  const inputs = rowTaker(Object.entries<Float64Array>(rows.inputs), rows.groups.length);
  const labels = rowTaker(Object.entries<Float64Array>(rows.labels), rows.groups.length);
  const take = (chosen: readonly number[]) =>
    // The fields are those of the rows, which T names.
    ({ inputs: inputs(chosen), labels: labels(chosen) }) as TaskRows<T>;
  return (uniform, { support, query }) => {
    const name = among[Math.floor(uniform() * among.length)]!;
    const rowsOf = own.get(name) ?? [];
    if (rowsOf.length < support + query)
      throw new InputError(
        `the group ${name} has ${rowsOf.length} rows; an episode takes ${support + query}.`,
      );
    const drawn = pick(uniform, rowsOf, support + query);
    return { support: take(drawn.slice(0, support)), query: take(drawn.slice(support)) };
  };
}
