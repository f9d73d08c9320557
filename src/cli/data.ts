import { dirname, isAbsolute, join } from "node:path";
import { sha256 } from "@noble/hashes/sha2";
import { bytesToHex } from "@noble/hashes/utils";
import type { BoundData, DataModel, Wanted } from "../data/bind.js";
import { STANDARD_INPUT } from "../data/bounded-read.js";
import { isAddress } from "../data/file.js";
import { bindTables, readTables, splitTables } from "../data/sources.js";
import type { PartName, SplitParts } from "../data/split.js";
import type { SourceTable } from "../data/table.js";
import { diagnostic, type Diagnostic } from "../diagnostics/index.js";
import { placeOf } from "../document/places.js";
import { namedSources } from "../model/sources.js";
import { refuse, type LoadedSpec } from "./spec.js";
import { refuseWith, take } from "./output.js";

/** The spec's data, dealt to its parts. */
export interface LoadedData extends BoundSpec {
  readonly parts: SplitParts;
  /** Of the row numbers of each part. */
  readonly splitHash: string;
}

function dataSection(spec: LoadedSpec, command: string): DataModel {
  const { data } = spec.document;
  if (data) return { ...spec.document, data };
  refuseWith(diagnostic("NN7055", placeOf(spec.places, ""), { command }));
}

function dataPath(spec: LoadedSpec, from: string): string {
  // An address is left as it was written, for the message that says that nothing is fetched.
  return isAbsolute(from) || isAddress(from) ? from : join(dirname(spec.path), from);
}

/** A file in the place of the spec's, and which of several sources it is like. */
export interface OtherFile {
  readonly file: string;
  readonly source?: string | undefined;
}

/** Data files that were read, and fit the spec. */
export interface BoundSpec {
  readonly document: DataModel;
  readonly bound: BoundData;
  readonly tables: readonly SourceTable[];
}

export interface BoundSpecResult {
  readonly value: BoundSpec | undefined;
  readonly diagnostics: Diagnostic[];
}

/** What is read of data files. */
export interface Reading {
  /** Which fields have to be there: all by default. */
  readonly wanted?: Wanted;
  /** Columns that are read besides those of the spec. */
  readonly columns?: readonly string[] | undefined;
}

/** Reads and binds the data files; `other` replaces those of the spec. What is wrong comes back. */
export function bindSpec(
  spec: LoadedSpec,
  command: string,
  other?: OtherFile,
  { wanted = "everything", columns }: Reading = {},
): BoundSpecResult {
  if (other?.file === STANDARD_INPUT && spec.path === STANDARD_INPUT)
    refuse("NN7001", spec.path, { path: other.file, reason: "standard input holds the spec" });
  const document = other ? only(spec, dataSection(spec, command), other) : dataSection(spec, command);
  const fileOf = ({ from }: { readonly from: string }) =>
    other ? { path: other.file, instead: true } : { path: dataPath(spec, from), instead: false };
  const read = readTables(document, spec.places, fileOf, columns);
  if (!read.value) return { value: undefined, diagnostics: read.diagnostics };
  const tables = read.value;
  const { value: bound, diagnostics } = bindTables(document, spec.places, tables, wanted);
  const value = bound && { document, bound, tables };
  return { value, diagnostics: [...read.diagnostics, ...diagnostics] };
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
export function splitSpec({ places }: LoadedSpec, { document, tables }: BoundSpec, seed?: number) {
  return splitTables(document.data.split, places, tables, seed);
}

/** The spec's data in its parts, or the end of the command. */
export function loadData(
  spec: LoadedSpec,
  command: string,
  splitSeed?: number,
  reading?: Reading,
): LoadedData {
  const read = take(bindSpec(spec, command, undefined, reading));
  const parts = take(splitSpec(spec, read, splitSeed));
  return { ...read, parts, splitHash: hashParts(parts) };
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
