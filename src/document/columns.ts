import type { MappedColumns } from "./descriptor.js";
import type { DataDocument, MappingDocument } from "./types.js";

/** The columns of every mapping, as far as they show without the file: `$1..$64` and `a1..a10` do. */
export function writtenColumns(data: DataDocument | undefined): MappedColumns {
  const columns = new Map<string, readonly string[]>();
  for (const mapping of data?.mappings ?? []) {
    const names = mapping.columns.map((c) => (typeof c === "string" ? [c] : countedRange(c.first, c.last)));
    if (!names.includes(undefined))
      columns.set(
        mapping.name,
        names.flatMap((n) => n!),
      );
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

/** The columns of a mapping in a file with this header; a name that is not there comes back in `missing`. */
export function columnsInFile(
  mapping: MappingDocument,
  positions: ReadonlyMap<string, number>,
  header: readonly string[],
): { readonly columns: readonly string[]; readonly missing: readonly string[] } {
  const columns: string[] = [];
  const missing: string[] = [];
  for (const column of mapping.columns) {
    const ends = typeof column === "string" ? [column, column] : [column.first, column.last];
    const [from, to] = ends.map((name) => positions.get(name));
    if (from === undefined) missing.push(ends[0]!);
    if (to === undefined && ends[1] !== ends[0]) missing.push(ends[1]!);
    if (from !== undefined && to !== undefined) for (let i = from; i <= to; i++) columns.push(header[i]!);
  }
  return { columns, missing };
}
