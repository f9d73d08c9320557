import type { DataDocument, MetaDocument } from "../document/types.js";

/** The columns that a spec names. What else stands in a file is passed over, whatever it is. */
export interface WantedColumns {
  readonly names: ReadonlySet<string>;
  /** All columns from one to another, in the order of the file. */
  readonly ranges: readonly { readonly first: string; readonly last: string }[];
}

/** The columns that are read of one source's file, `beside` among them. */
export function wantedColumns(
  { mappings, row_weights: weights, classes, split }: DataDocument,
  meta: MetaDocument | undefined,
  source: string | null,
  beside: readonly string[] = [],
): WantedColumns {
  const mapped = mappings.filter((mapping) => mapping.source === source).flatMap(({ columns }) => columns);
  const ranges = mapped.flatMap((column) => (typeof column === "string" ? [] : [column]));
  const others = [
    ...weights.flatMap((weight) => (weight.source === source ? [weight.column] : [])),
    classes?.from,
    split.by.options["column"],
    meta?.settings.task,
  ];
  const names = [
    ...mapped.flatMap((column) => (typeof column === "string" ? [column] : [column.first, column.last])),
    ...others.flatMap((column) => (typeof column === "string" ? [column] : [])),
  ];
  return { names: new Set([...names, ...beside]), ranges };
}

/** The indices of the wanted ones among a file's columns; all where nothing is said of what is wanted. */
export function indicesOf(columns: readonly string[], wanted: WantedColumns | undefined): readonly number[] {
  const all = columns.map((_, i) => i);
  if (!wanted) return all;
  const spans = wanted.ranges.map(
    ({ first, last }) => [columns.indexOf(first), columns.indexOf(last)] as const,
  );
  return all.filter(
    (i) => wanted.names.has(columns[i]!) || spans.some(([from, to]) => from >= 0 && i >= from && i <= to),
  );
}
