import type { MappedColumns } from "./descriptor.js";
import { namedSources } from "./sources.js";
import type { DataDocument } from "../document/types.js";

/** The columns of every mapping whose names are known without reading the file, as those of `$1..$64` and `a1..a10` are. */
export function writtenColumns(data: DataDocument | undefined): MappedColumns {
  const columns = new Map<string, readonly string[]>();
  // With several sources a field's columns may have another name in each.
  if (namedSources(data).length > 0) return columns;
  for (const mapping of data?.mappings ?? []) {
    const names = mapping.columns.map((c) => (typeof c === "string" ? [c] : countedRange(c.first, c.last)));
    const known = names.filter((n) => n !== undefined);
    if (known.length === names.length) columns.set(mapping.name, known.flat());
  }
  return columns;
}

/** More columns than any file may have. */
const MAX_COLUMNS = 1_000_000;

function countedRange(first: string, last: string): string[] | undefined {
  const [a, b] = [/^(.*?)(\d+)$/.exec(first), /^(.*?)(\d+)$/.exec(last)];
  if (!a || !b || a[1] !== b[1]) return undefined;
  const [from, to] = [Number(a[2]), Number(b[2])];
  if (from > to || to - from >= MAX_COLUMNS || a[2] !== String(from)) return undefined;
  return Array.from({ length: to - from + 1 }, (_, i) => `${a[1]}${from + i}`);
}
