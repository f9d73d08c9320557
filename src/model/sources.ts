import type { DataDocument } from "../document/types.js";

/** The names of the data files, where they have names. */
export function namedSources(data: DataDocument | undefined): string[] {
  return (data?.sources ?? []).flatMap(({ name }) => (name === null ? [] : [name]));
}
