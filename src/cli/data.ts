import { dirname, isAbsolute, join } from "node:path";
import { sha256 } from "@noble/hashes/sha2";
import { bytesToHex } from "@noble/hashes/utils";
import type { BoundData, DataModel, Wanted } from "../data/bind.js";
import { bindTables, readTables, splitTables } from "../data/sources.js";
import type { PartName, SplitParts } from "../data/split.js";
import type { SourceTable } from "../data/table.js";
import { diagnostic, type Diagnostic } from "../diagnostics/index.js";
import { placeOf } from "../document/places.js";
import { namedSources } from "../model/sources.js";
import { refuse, type LoadedSpec } from "./spec.js";
import { report } from "./output.js";

/** The spec's data, dealt to its parts. */
export interface LoadedData {
  readonly bound: BoundData;
  readonly tables: readonly SourceTable[];
  readonly parts: SplitParts;
  /** Of the row numbers of each part. */
  readonly splitHash: string;
}

function dataSection(spec: LoadedSpec, command: string): DataModel {
  const { data } = spec.document;
  if (data) return { ...spec.document, data };
  report([diagnostic("NN7055", placeOf(spec.places, ""), { command })]);
  throw new Error("a refusal that is no error");
}

function dataPath(spec: LoadedSpec, from: string): string {
  return isAbsolute(from) ? from : join(dirname(spec.path), from);
}

/** A file in the place of the spec's, and which of several sources it is like. */
export interface OtherFile {
  readonly file: string;
  readonly source?: string | undefined;
}

export interface BoundSpec {
  readonly bound: BoundData | undefined;
  readonly tables: readonly SourceTable[] | undefined;
  readonly diagnostics: Diagnostic[];
}

/** Reads and binds the data files; `other` replaces those of the spec. What is wrong comes back. */
export function bindSpec(
  spec: LoadedSpec,
  command: string,
  other?: OtherFile,
  wanted: Wanted = "everything",
): BoundSpec {
  const document = other ? only(spec, dataSection(spec, command), other) : dataSection(spec, command);
  const read = readTables(document, spec.places, ({ from }) => other?.file ?? dataPath(spec, from));
  if (!read.value) return { bound: undefined, tables: undefined, diagnostics: read.diagnostics };
  const { value, diagnostics } = bindTables(document, spec.places, read.value, wanted);
  return { bound: value, tables: read.value, diagnostics: [...read.diagnostics, ...diagnostics] };
}

/** The document with the one source that a file is like. */
function only(spec: LoadedSpec, document: DataModel, { source }: OtherFile): DataModel {
  const names = namedSources(document.data);
  if (names.length === 0 && source === undefined) return document;
  const sources = document.data.sources.filter(({ name }) => name === (source ?? null));
  if (sources.length > 0) return { ...document, data: { ...document.data, sources } };
  const known = names.length === 0 ? "they have none" : names.join(", ");
  refuse("NN7071", spec.path, { given: source ?? null, known });
}

/** The rows of the tables in their parts. */
export function splitSpec(spec: LoadedSpec, tables: readonly SourceTable[], seed?: number) {
  return splitTables(spec.document.data!.split, spec.places, tables, seed);
}

/** The spec's data in its parts, or the end of the command. */
export function loadData(spec: LoadedSpec, command: string, splitSeed?: number): LoadedData {
  const { bound, tables, diagnostics } = bindSpec(spec, command);
  report(diagnostics);
  const split = splitSpec(spec, tables!, splitSeed);
  report(split.diagnostics);
  return { bound: bound!, tables: tables!, parts: split.value!, splitHash: hashParts(split.value!) };
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
