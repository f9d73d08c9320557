import { mkdirSync, statSync } from "node:fs";
import { compile, type Compilation } from "../compile.js";
import { readBounded, readStandardInput, STANDARD_INPUT, type Bytes } from "../data/bounded-read.js";
import { diagnostic, type Code, type DiagnosticExtras, type ParametersOf } from "../diagnostics/index.js";
import type { Places } from "../document/places.js";
import type { MetaDocument, ModelDocument } from "../document/types.js";
import { ImportProblem } from "../phases/context.js";
import { wholeFile } from "../source/index.js";
import { refuseWith, report } from "./output.js";
import { systemReason } from "./system.js";

/** A checked model that a command can work with. */
export interface LoadedSpec {
  readonly path: string;
  readonly document: ModelDocument;
  readonly places: Places;
}

/** A spec that learns to learn. */
export interface MetaSpec extends LoadedSpec {
  readonly document: ModelDocument & { readonly meta: MetaDocument };
}

export function isMeta(spec: LoadedSpec): spec is MetaSpec {
  return spec.document.meta !== undefined;
}

/** Ends the command with one coded message about a file. */
export function refuse<C extends Code>(
  code: C,
  path: string,
  parameters: ParametersOf<C>,
  extras?: DiagnosticExtras,
): never {
  refuseWith(diagnostic(code, wholeFile(path), parameters, extras));
}

export function readText(path: string): string {
  try {
    return textOf(path === STANDARD_INPUT ? readStandardInput(MOST_BYTES) : readBounded(path, MOST_BYTES));
  } catch (error) {
    refuse("NN6006", path, { path, reason: systemReason(error) });
  }
}

/** Of longer texts no more is read; a spec may have 16,000,000 characters. */
const MOST_BYTES = 64_000_000;

function textOf({ bytes }: Bytes): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    throw new Error("it is UTF-16, and texts are UTF-8");
  return bytes.toString("utf8");
}

/** Compiles a .nnspec file, or loads a model document from a .json file. */
export async function compileFile(path: string): Promise<Compilation> {
  const text = readText(path);
  const compileIt = await compilerOf(path, text);
  return compileIt(text);
}

/** What makes a model of a text that stands, or could stand, in such a file; what standard input holds is told by its beginning. */
export async function compilerOf(path: string, begun = ""): Promise<(text: string) => Compilation> {
  const isDocument = path === STANDARD_INPUT ? /^\uFEFF?\s*\{/.test(begun) : path.endsWith(".json");
  if (!isDocument) return (text) => compile(text, { path, read: readImport });
  // What checks documents is a megabyte of code, which specs do without.
  const { loadDocument } = await import("../phases/load.js");
  return (text) => loadDocument(text, path);
}

/** Imports come with their path joined to that of the file that names them. */
function readImport(path: string): string {
  try {
    return textOf(readBounded(path, MOST_BYTES));
  } catch (error) {
    throw new ImportProblem(systemReason(error));
  }
}

/** A checked model, or the end of the command. Warnings and hints are shown. */
export async function loadSpec(
  path: string,
  options: { json?: boolean | undefined } = {},
): Promise<LoadedSpec> {
  const { diagnostics, document, places } = await compileFile(path);
  report(diagnostics, options);
  if (!document) throw new Error("no document, and no error");
  return { path, document, places };
}

/** The folder, made where it is not there. */
export function madeFolder(path: string): string {
  try {
    mkdirSync(path, { recursive: true });
    if (statSync(path).isDirectory()) return path;
    refuse("NN6006", path, { path, reason: "it is no folder" });
  } catch (error) {
    refuse("NN6006", path, { path, reason: systemReason(error) });
  }
}
