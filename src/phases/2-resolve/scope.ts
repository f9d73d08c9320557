import { didYouMean, type Report, type Reported } from "../../diagnostics/index.js";
import type { Entry, Parameter } from "../../library/entry.js";
import { otherNameHint } from "../../library/elsewhere.js";
import { componentKinds, entriesOf, findEntry } from "../../library/index.js";
import { plannedInstead } from "../../library/planned.js";
import type { Span } from "../../source/index.js";
import type { BlockSection, Expression, Identifier } from "../../syntax/tree.js";
import type { Definition, Scope, SemanticModel } from "./model.js";
import type { Signature } from "./slots.js";

/** What could not be read of a file. */
export interface Unread {
  /** Words on the lines that could not be read: a name that stands there may well be declared there. */
  readonly brokenWords: ReadonlySet<string>;
  /** Where the text could not be read. */
  readonly brokenSpans: readonly Span[];
  /** Where something that could not be read stands right behind, on the same line: what ends there may well be only begun. */
  readonly cutShort: ReadonlySet<number>;
  /** Where a comment without an end begins, which may hold anything. */
  readonly cutAt: number | undefined;
  /** The message about what could not be read; undefined where all could. */
  readonly unread: Reported | undefined;
}

/** What phase 2 works on and with, in one file. */
export interface Resolution extends Unread {
  readonly report: Report;
  readonly model: SemanticModel;
  readonly usedBlocks: Set<BlockSection>;
  /** The name of the item that is being resolved, and of the task around it. */
  readonly declaring?: string;
  readonly task?: string;
  /** The scope of the model, which paths of sections outside of it go into. */
  readonly inside?: Scope;
  /** Definitions of entries, one for each, so that all references to one are found together. */
  readonly library: Map<Entry, Definition>;
  readonly signatures: Map<readonly Parameter[], Signature>;
}

export function childScope(
  parent: Scope | undefined,
  later: readonly string[] = [],
  laterTasks: readonly string[] = [],
): Scope {
  return { parent, names: new Map(), later: setOf(later), tasks: new Map(), laterTasks: setOf(laterTasks) };
}

/** Most scopes have nothing to come: there is one empty set for all of them. */
function setOf(names: readonly string[]): ReadonlySet<string> {
  return names.length === 0 ? nothing : new Set(names);
}

const nothing: ReadonlySet<string> = new Set();

export function lookup(scope: Scope, name: string): Definition | undefined {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const found = at.names.get(name);
    if (found) return found;
  }
  return undefined;
}

/** A task above this place, or around it. */
export function lookupTask(scope: Scope, name: string): Definition | undefined {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const found = at.tasks.get(name);
    if (found) return found;
  }
  return undefined;
}

export function isLaterTask(scope: Scope, name: string): boolean {
  for (let at: Scope | undefined = scope; at; at = at.parent) if (at.laterTasks.has(name)) return true;
  return false;
}

function isLater(scope: Scope, name: string): boolean {
  for (let at: Scope | undefined = scope; at; at = at.parent) if (at.later.has(name)) return true;
  return false;
}

/** More names than this are not looked through for one that was meant. */
const MOST_NAMES = 2_000;

/** The names that are visible at one place, the nearest first. */
export function visibleNames(scope: Scope): string[] {
  const names: string[] = [];
  for (let at: Scope | undefined = scope; at && names.length < MOST_NAMES; at = at.parent)
    for (const name of at.names.keys()) if (names.length < MOST_NAMES) names.push(name);
  return names;
}

/** Makes a name visible, where it is not taken; a name is one of a task or of something else. */
export function declare(r: Resolution, scope: Scope, name: Identifier, definition: Definition): void {
  r.model.bind(name, definition);
  if (isFree(r, scope, name)) scope.names.set(name.name, definition);
  else r.model.refuse(definition);
}

export function declareTask(r: Resolution, scope: Scope, name: Identifier, definition: Definition): void {
  r.model.bind(name, definition);
  if (!isFree(r, scope, name)) r.model.refuse(definition);
  // A task whose name something else has can still be meant by `NAME.output`.
  if (!scope.tasks.has(name.name)) scope.tasks.set(name.name, definition);
}

/** Refuses what no generated code can have as a name. */
export function checkName({ report }: Resolution, { name, span }: Identifier): void {
  if (name === "__proto__") report.give("NN2029", span, { name });
}

function isFree(r: Resolution, scope: Scope, name: Identifier): boolean {
  checkName(r, name);
  const earlier = lookup(scope, name.name) ?? lookupTask(scope, name.name);
  // A name that only a broken item would have declared is free for one that can be read.
  if (!earlier || earlier.role === "unknown") return true;
  const related = earlier.declaration
    ? [{ span: earlier.declaration.span, message: "first declared here" }]
    : [];
  r.report.give("NN2002", name.span, { name: name.name, first: earlier.role }, { related });
  return false;
}

/** Says that a name is unknown, or not declared yet. */
export function reportUnknown(
  r: Resolution,
  scope: Scope,
  name: Identifier,
  what: "layer" | "value" | "constant",
): Reported {
  const reported = sayUnknown(r, scope, name, what);
  r.model.bind(name, { role: "unknown", name: name.name, kind: "unknown", reported });
  return reported;
}

function sayUnknown(
  { report, brokenSpans, brokenWords, unread, declaring }: Resolution,
  scope: Scope,
  { name, span }: Identifier,
  what: "layer" | "value" | "constant",
): Reported {
  if (name === "*") {
    if (unread !== undefined && brokenSpans.some((s) => s.start <= span.start && s.end >= span.end))
      return unread;
    const reason = "`*` stands in patterns of weight paths only, such as `trunk.*`";
    return report.give("NN2017", span, { reason });
  }
  if (isLater(scope, name))
    return declaring === name ? reportOwn(report, span, name) : report.give("NN2003", span, { name });
  const instead = what === "layer" ? plannedInstead("layer", name) : undefined;
  if (instead !== undefined) return reportPlanned(report, span, { what: "layer", name, instead });
  if (unread !== undefined && brokenWords.has(name)) return unread;
  if (what === "value" && (lookupTask(scope, name) || isLaterTask(scope, name))) {
    const hint = `\`${name}\` is a task; what other tasks see of it is \`${name}.output\`.`;
    return report.give("NN2001", span, { name, what }, { hint });
  }
  const known = () => [...visibleNames(scope), ...(what === "constant" ? ["true", "false"] : layerNames())];
  const hint = () => hintFor(what, name) ?? didYouMean(name, known());
  return what === "layer"
    ? report.give("NN2004", span, { name }, { hint })
    : report.give("NN2001", span, { name, what }, { hint });
}

/** What a name means elsewhere, or in another place. */
function hintFor(what: "layer" | "value" | "constant", name: string): string | undefined {
  if (what === "constant") return entryHint(name);
  return what === "layer" ? otherNameHint("layer", name) : undefined;
}

/** `h = h |> dense(3)`: moving the declaration up would not help. */
export function reportOwn(report: Report, span: Span, name: string): Reported {
  const hint = "What something is made of is declared above it.";
  return report.give("NN2003", span, { name, own: true }, { hint });
}

/** The hint for a name of the library where a constant is wanted. */
function entryHint(name: string): string | undefined {
  const kind = componentKinds().find((k) => k !== "layer" && findEntry(k, name));
  if (kind === undefined) return undefined;
  return `The library's \`${name}\` (${kind}) is no number, truth value or text: name the option that it is for, as in \`${kind}: ${name}\`.`;
}

/** Says that something is still to come, and what is written until then. */
export function reportPlanned(
  report: Report,
  span: Span,
  { what, name, instead }: { readonly what: string; readonly name: string; readonly instead: string },
): Reported {
  return report.give("NN5006", span, { what, name }, instead === "" ? {} : { hint: instead });
}

function layerNames(): string[] {
  return entriesOf("layer")
    .filter((entry) => !("hidden" in entry))
    .map((entry) => entry.name);
}

/** The layer of the library that a bare name means where no user's name hides it. */
export function libraryLayer(scope: Scope, name: string): Entry | undefined {
  return lookup(scope, name) ? undefined : layerNamed(name);
}

/** The layer of the library that a name means which no user's name hides. */
export function layerNamed(name: string): Entry | undefined {
  const entry = findEntry("layer", name);
  return entry && !("hidden" in entry) ? entry : undefined;
}

/** What a name of the library refers to. */
export function libraryDefinition({ library }: Resolution, entry: Entry): Definition {
  const known = library.get(entry);
  if (known) return known;
  const kind = entry.kind === "layer" ? "function" : "component";
  const made: Definition = { role: "an entry of the library", name: entry.name, kind, entry };
  library.set(entry, made);
  return made;
}

/** Whether a word stands on a line that could not be read. */
export function isBrokenWord({ unread, brokenWords }: Resolution, word: string): boolean {
  return unread !== undefined && brokenWords.has(word);
}

/** Whether something within this place, or what is next to its end, could not be read. */
export function isBroken({ brokenSpans, cutAt }: Unread, { source, start, end }: Span): boolean {
  const isCut = cutAt !== undefined && cutAt >= end && source.text.slice(end, cutAt).trim() === "";
  return isCut || brokenSpans.some((s) => s.source === source && s.start >= start && s.end <= end);
}

/** Remembers why an expression has no value. */
export function explain(r: Resolution, expression: Expression, reported: Reported): void {
  r.model.explain(expression, reported);
}
