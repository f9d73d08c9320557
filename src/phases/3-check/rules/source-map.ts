import type { DataDocument } from "../../../document/types.js";

/** Which fields each data file has columns for, and where that is said. */
export interface SourceMap {
  /** The fields that a source has columns for, or might have where they could not be read. */
  mapped(source: string): ReadonlySet<string>;
  /** The number of a field's first mapping. */
  firstOf(name: string): number | undefined;
  /** The number of a field's mapping from a source; -1 where there is none. */
  indexOf(name: string, source: string): number;
}

export function sourceMap({ mappings, sources }: DataDocument): SourceMap {
  const unread = mappings.filter(({ columns }) => columns.length === 0).map(({ name }) => name);
  const mapped = new Map(sources.map(({ name }) => [name, new Set(unread)]));
  const first = new Map<string, number>();
  const numbers = new Map<string, number>();
  mappings.forEach(({ name, source }, i) => {
    mapped.get(source)?.add(name);
    if (!first.has(name)) first.set(name, i);
    if (source !== null && !numbers.has(`${source}/${name}`)) numbers.set(`${source}/${name}`, i);
  });
  return {
    mapped: (source) => mapped.get(source) ?? new Set(),
    firstOf: (name) => first.get(name),
    indexOf: (name, source) => numbers.get(`${source}/${name}`) ?? -1,
  };
}
