import type { DataDocument } from "../../../document/types.js";

/** Which fields each data file has columns for, and where that is said. */
export interface SourceMap {
  /** Whether a source has columns for a field, or might have where they could not be read. */
  has(source: string, name: string): boolean;
  /** The fields that some source might have columns for, which could not be read. */
  readonly unread: ReadonlySet<string>;
  /** The fields that a source has columns for. */
  fieldsOf(source: string): ReadonlySet<string>;
  /** The sources that have columns for a field. */
  sourcesOf(name: string): ReadonlySet<string>;
  /** The number of a field's first mapping. */
  firstOf(name: string): number | undefined;
  /** The number of a field's mapping from a source; -1 where there is none. */
  indexOf(name: string, source: string): number;
}

const none: ReadonlySet<string> = new Set();

export function sourceMap({ mappings, sources }: DataDocument): SourceMap {
  const unread = new Set(mappings.filter(({ columns }) => columns.length === 0).map(({ name }) => name));
  const fields = new Map(sources.flatMap(({ name }) => (name === null ? [] : [[name, new Set<string>()]])));
  const having = new Map<string, Set<string>>();
  const first = new Map<string, number>();
  const numbers = new Map<string, number>();
  mappings.forEach(({ name, source }, i) => {
    if (!first.has(name)) first.set(name, i);
    if (source === null) return;
    const own = fields.get(source);
    own?.add(name);
    const found = having.get(name) ?? new Set();
    if (own) having.set(name, found.add(source));
    if (!numbers.has(`${source}/${name}`)) numbers.set(`${source}/${name}`, i);
  });
  const fieldsOf = (source: string) => fields.get(source) ?? none;
  return {
    has: (source, name) => unread.has(name) || fieldsOf(source).has(name),
    unread,
    fieldsOf,
    sourcesOf: (name) => having.get(name) ?? none,
    firstOf: (name) => first.get(name),
    indexOf: (name, source) => numbers.get(`${source}/${name}`) ?? -1,
  };
}
