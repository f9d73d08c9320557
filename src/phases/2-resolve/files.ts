import { ImportProblem } from "../context.js";
import { didYouMean, hasErrors, type Diagnostic, type Reported } from "../../diagnostics/index.js";
import { standardModules, standardText } from "../../library/std/index.js";
import { makeSource, positionAt, type Source } from "../../source/index.js";
import type { ConstSection, DimSection, ImportSection, Tree } from "../../syntax/tree.js";
import { parse } from "../1-parse.js";
import { resolveBlock } from "./blocks.js";
import { declareBroken } from "./broken.js";
import { expect } from "./expect.js";
import { infer } from "./infer.js";
import type { BlockTemplate, Definition, Scope } from "./model.js";
import { CONSTANT } from "./parts.js";
import { childScope, declare, type Resolution, type Unread } from "./scope.js";
import { refuseUnits } from "./units.js";

/** Imports that import each other deeper than this are refused. */
const MOST_DEEP = 100;
/** All imported files together. */
const MOST_CHARACTERS = 16_000_000;

/** What is shared by all files of one compilation. */
export interface Loader {
  readonly resolution: Resolution;
  readonly read: (path: string) => string | undefined;
  /** Finished files by path; `undefined` while one is being read. */
  readonly files: Map<string, ResolvedFile | undefined>;
  readonly trail: string[];
  /** The spec's own, with a `/` behind it. */
  readonly folder: string;
  /** Constants and dimensions of all files, each after those that it may use. */
  readonly constants: Definition[];
  characters: number;
}

export interface ResolvedFile {
  readonly tree: Tree;
  readonly scope: Scope;
  readonly blocks: readonly BlockTemplate[];
  /** The message about what could not be read of it. */
  readonly unread: Reported | undefined;
}

/** Resolves the top level of a file: imports, constants, dimensions and blocks. */
export function resolveFile(loader: Loader, r: Resolution, tree: Tree, path: string): ResolvedFile {
  const declared = tree.sections.flatMap((s) =>
    s.kind === "const" || s.kind === "dim" || s.kind === "block" ? [s.name.name] : [],
  );
  const scope = r.model.openScope(tree, childScope(undefined, declared));
  const blocks: BlockTemplate[] = [];
  refuseUnits(r, tree);
  declareBroken(r, scope, tree);
  for (const section of tree.sections) {
    if (section.kind === "import") resolveImport(loader, r, { scope, section, from: path });
    else if (section.kind === "const" || section.kind === "dim")
      loader.constants.push(resolveConstant(r, scope, section));
    else if (section.kind === "block") {
      const block = resolveBlock(r, scope, section);
      if (block) blocks.push(block);
    }
  }
  return { tree, scope, blocks, unread: r.unread };
}

function resolveConstant(
  file: Resolution,
  scope: Scope,
  { kind, name, value }: ConstSection | DimSection,
): Definition {
  const r = { ...file, declaring: name.name };
  infer(r, scope, value);
  expect(r, scope, value, CONSTANT);
  const role = kind === "const" ? "a constant" : "a dimension";
  const definition: Definition = { role, name: name.name, kind: "scalar", declaration: name, value };
  declare(r, scope, name, definition);
  return definition;
}

interface Importing {
  readonly scope: Scope;
  readonly section: ImportSection;
  /** The path of the file that imports. */
  readonly from: string;
}

function resolveImport(loader: Loader, r: Resolution, importing: Importing): void {
  const { scope, section } = importing;
  const imported = loadFile(loader, r, importing);
  for (const { name, alias } of section.names) {
    const as = alias ?? name;
    const target = "scope" in imported ? imported.scope.names.get(name.name) : undefined;
    if (!target) {
      const reported = "scope" in imported ? notDeclared(r, imported, importing, name) : imported.reported;
      const unknown: Definition = {
        role: "unknown",
        name: as.name,
        kind: "unknown",
        declaration: as,
        reported,
      };
      r.model.bind(name, unknown);
      declare(r, scope, as, unknown);
      continue;
    }
    const local = { ...target, name: as.name, declaration: as, target };
    if (alias) r.model.bind(name, target);
    r.model.import(local);
    declare(r, scope, as, local);
  }
}

function notDeclared(
  r: Resolution,
  { scope: { names }, unread }: ResolvedFile,
  { section }: Importing,
  { name, span }: ImportSection["names"][number]["name"],
): Reported {
  // What could not be read of the file may well declare it.
  if (unread !== undefined) return unread;
  const hint = () => didYouMean(name, names.keys());
  return r.report.give("NN2015", span, { name, path: section.from.value }, { hint });
}

function loadFile(
  loader: Loader,
  r: Resolution,
  { section, from }: Importing,
): ResolvedFile | { readonly reported: Reported } {
  const given = section.from.value;
  const { span } = section.from;
  const fail = (reason: string, hint?: string) => ({
    reported: r.report.give("NN2014", span, { path: given, reason }, { hint }),
  });
  const isStandard = given.startsWith("std/");
  if (!isStandard && (given.startsWith("/") || /^[a-z]+:/i.test(given) || given.includes("\\")))
    return fail("imports are relative to this file, with `/` between folders");
  const path = isStandard ? given : joinPath(from, given);
  if (loader.files.has(path)) {
    const known = loader.files.get(path);
    if (known) return known;
    const cycle = [...loader.trail.slice(loader.trail.indexOf(path)), path].join(" → ");
    return { reported: r.report.give("NN2013", span, { cycle }) };
  }
  if (loader.trail.length > MOST_DEEP) return fail(`files import each other more than ${MOST_DEEP} deep`);
  const text = isStandard ? standardText(given.slice(4)) : readText(loader, path);
  if (text === undefined) {
    const modules = standardModules().map((name) => `std/${name}`);
    return fail("the standard library has no such module", didYouMean(given, modules));
  }
  if (text instanceof ImportProblem) return fail(text.message);
  loader.characters += text.length;
  if (loader.characters > MOST_CHARACTERS)
    return fail(
      `all imported files together have more than ${MOST_CHARACTERS.toLocaleString("en")} characters`,
    );
  return readFile(loader, r, path, text);
}

/** A caller's function may throw; whoever imports has to hear of it in its place. */
function readText({ read }: Loader, path: string): string | ImportProblem {
  try {
    return read(path) ?? new ImportProblem("there is no such file");
  } catch (error) {
    return error instanceof ImportProblem ? error : new ImportProblem("there is no such file");
  }
}

function readFile(loader: Loader, r: Resolution, path: string, text: string): ResolvedFile {
  loader.files.set(path, undefined);
  loader.trail.push(path);
  const source = makeSource(path, text, { hidden: isOutside(loader, path) });
  const parsed = parse(source);
  const reported = parsed.diagnostics.map((found) => r.report.add(found));
  const unread = unreadOf(source, parsed.diagnostics, reported[0]);
  const file = resolveFile(loader, { ...r, ...unread }, parsed.value, path);
  loader.trail.pop();
  loader.files.set(path, file);
  return file;
}

/** Whether a file lies outside the folder of the spec, and is none of the standard library. */
function isOutside({ folder }: Loader, path: string): boolean {
  if (path.startsWith("std/")) return false;
  return folder === "" ? path.startsWith("..") || path.startsWith("/") : !path.startsWith(folder);
}

/** What a parser's messages say of what could not be read. */
export function unreadOf(
  source: Source,
  diagnostics: readonly Diagnostic[],
  reported: Reported | undefined,
): Unread {
  const spans = diagnostics.map((d) => d.span);
  const lines = new Set<number>();
  for (const { start, end } of spans)
    for (const offset of [start, end]) lines.add(positionAt(source, offset).line);
  const words = [...lines].flatMap((line) => {
    const [start, end] = [source.lineStarts[line], source.lineStarts[line + 1]];
    return source.text.slice(start, end).match(/[A-Za-z_]\w*/g) ?? [];
  });
  const unread = hasErrors(diagnostics) ? reported : undefined;
  const cutAt = diagnostics.find(({ code }) => code === "NN1004")?.span.start;
  const cutShort = new Set(
    // Signs between items are too much, and nothing is missing for them.
    diagnostics.filter(({ code }) => code !== "NN1011").map(({ span }) => endBefore(source.text, span.start)),
  );
  return { brokenWords: new Set(words), brokenSpans: spans, cutShort, cutAt, unread };
}

/** Where what stands before an offset ends, blanks of the line left out. */
function endBefore(text: string, offset: number): number {
  let end = offset;
  while (end > 0 && (text[end - 1] === " " || text[end - 1] === "\t")) end--;
  return end;
}

/** The folder of a file, with a `/` behind it where it is not the one that paths are relative to. */
export function folderOf(path: string): string {
  const folder = joinPath(path, "");
  return folder === "" || folder.endsWith("/") ? folder : `${folder}/`;
}

/** `given` seen from the folder of `from`. */
function joinPath(from: string, given: string): string {
  const absolute = from.startsWith("/") ? "/" : "";
  const parts = from
    .split("/")
    .slice(0, -1)
    .filter((part) => part !== "" && part !== ".");
  for (const part of given.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else parts.push("..");
  }
  return absolute + parts.join("/");
}
