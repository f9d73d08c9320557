import { dirname, isAbsolute, join } from "node:path";
import { sha256 } from "@noble/hashes/sha2";
import { bytesToHex } from "@noble/hashes/utils";
import { bindData, type BoundData, type Wanted } from "../data/bind.js";
import { readTable } from "../data/read.js";
import { splitTable } from "../data/parts.js";
import type { PartName, SplitParts } from "../data/split.js";
import type { Table } from "../data/table.js";
import { diagnostic, type Diagnostic } from "../diagnostics/index.js";
import { placeOf } from "../document/places.js";
import type { DataDocument, ModelDocument } from "../document/types.js";
import type { LoadedSpec } from "./spec.js";
import { report } from "./output.js";

/** The spec's data, dealt to its parts. */
export interface LoadedData {
  readonly bound: BoundData;
  readonly table: Table;
  readonly parts: SplitParts;
  /** Of the row numbers of each part. */
  readonly splitHash: string;
}

function dataSection(spec: LoadedSpec, command: string): ModelDocument & { readonly data: DataDocument } {
  const { data } = spec.document;
  if (data) return { ...spec.document, data };
  report([diagnostic("NN7055", placeOf(spec.places, ""), { command })]);
  throw new Error("a refusal that is no error");
}

function dataPath(spec: LoadedSpec, from: string): string {
  return isAbsolute(from) ? from : join(dirname(spec.path), from);
}

/** Reads and binds the data file; `file` replaces the one of the spec. What is wrong comes back. */
export function bindSpec(
  spec: LoadedSpec,
  command: string,
  file?: string,
  wanted: Wanted = "everything",
): { bound: BoundData | undefined; table: Table | undefined; diagnostics: Diagnostic[] } {
  const document = dataSection(spec, command);
  const { from, header, missing } = document.data;
  const read = readTable(
    file ?? dataPath(spec, from),
    { header, missing },
    placeOf(spec.places, "/data/from"),
  );
  if (!read.value) return { bound: undefined, table: undefined, diagnostics: read.diagnostics };
  const { value, diagnostics } = bindData(document, spec.places, read.value, wanted);
  return { bound: value, table: read.value, diagnostics: [...read.diagnostics, ...diagnostics] };
}

/** The spec's data in its parts, or the end of the command. */
export function loadData(spec: LoadedSpec, command: string, splitSeed?: number): LoadedData {
  const { bound, table, diagnostics } = bindSpec(spec, command);
  report(diagnostics);
  const split = splitTable(dataSection(spec, command).data.split, spec.places, table!, splitSeed);
  report(split.diagnostics);
  return { bound: bound!, table: table!, parts: split.value!, splitHash: hashParts(split.value!) };
}

function hashParts(parts: SplitParts): string {
  const hash = sha256.create();
  for (const name of ["train", "validation", "test"] as const satisfies PartName[]) {
    const rows = parts[name];
    hash.update(new Uint8Array(Int32Array.of(rows.length).buffer));
    hash.update(new Uint8Array(rows.slice().buffer));
  }
  return bytesToHex(hash.digest());
}
