import { diagnostic } from "../diagnostics/index.js";
import { placeOf } from "../document/places.js";
import { requireSplit } from "./checkpoints.js";
import { loadData, type LoadedData, type Reading } from "./data.js";
import { refuseUse, report } from "./output.js";
import type { LoadedSpec } from "./spec.js";

/** A part of a spec's data. */
export type Part = "train" | "validation" | "test";

/** A part is of the spec's own data. */
export function refusePartOfFile({ part, data }: { readonly part?: Part; readonly data?: string }): void {
  if (part !== undefined && data !== undefined)
    refuseUse("`--part` is a part of the spec's own data; of a file that `--data` names all rows are taken.");
}

/** The rows of a part as they were dealt when a checkpoint was trained, whose notes say so. */
export function loadPart(
  spec: LoadedSpec,
  command: string,
  part: Part,
  notes: Readonly<Record<string, string>>,
  reading?: Reading,
): LoadedData & { readonly rows: Int32Array } {
  const seed = notes["split_seed"];
  const data = loadData(spec, command, seed === undefined ? undefined : Number(seed), reading);
  requireSplit(spec, data.splitHash, notes);
  const rows = data.parts[part];
  if (rows.length === 0) report([diagnostic("NN7057", placeOf(spec.places, "/data/split"), { part })]);
  return { ...data, rows };
}
