import type { Diagnostic } from "../diagnostics/index.js";
import type { DataDocument } from "../document/types.js";

/** Fewer columns that are not there are told one by one. */
const FEWEST_ABSENT = 4;

/** Where most columns are not there, the file is likely another one: that is said, and not of each column. */
export function foldAbsent(
  { mappings }: DataDocument,
  source: string | null,
  diagnostics: readonly Diagnostic[],
): readonly Diagnostic[] {
  const named = mappings.filter((m) => m.source === source).flatMap((m) => m.columns).length;
  const [first, ...others] = diagnostics.filter(({ code }) => code === "NN7009");
  const absent = others.length + 1;
  if (!first || absent < FEWEST_ABSENT || absent * 2 <= named) return diagnostics;
  const hint = `${absent} of the columns that the spec names are not there: is this the right file?`;
  const folded = new Set(others);
  const kept = diagnostics.filter((found) => !folded.has(found));
  return kept.map((found) => (found === first ? { ...first, hint } : found));
}
