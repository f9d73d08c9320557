import { diagnostic, didYouMean, type Diagnostic } from "../../diagnostics/index.js";
import { entriesOf, findEntry } from "../../library/index.js";
import { isPlanned } from "../../library/planned.js";
import type { Span } from "../../source/index.js";
import type { BlockSection, Expression, Identifier } from "../../syntax/tree.js";
import type { BlockTemplate, Constant, Match } from "./resolved.js";

/** What an expression gives, as far as it shows without shapes. */
export type ValueKind = "tensor" | "list" | "scalar" | "function" | "component" | "unknown";

/** How a declaration is called in a message. */
export type Role =
  | "an input"
  | "a binding"
  | "a shared name"
  | "a weight"
  | "a constant"
  | "a dimension"
  | "a block"
  | "a parameter"
  | "a variable"
  | "a task";

export interface Declared {
  readonly role: Role;
  readonly kind: ValueKind;
  readonly span: Span;
  readonly constant?: Constant;
  readonly block?: BlockTemplate;
}

/** Names that are visible at one place; `later` are those that this scope declares further down. */
export interface Scope {
  readonly parent: Scope | undefined;
  readonly names: Map<string, Declared>;
  readonly later: ReadonlySet<string>;
  /** Tasks seen so far, and those still to come. */
  readonly tasks: Map<string, Span>;
  readonly laterTasks: ReadonlySet<string>;
}

/** What the walk collects. */
export interface Resolution {
  readonly diagnostics: Diagnostic[];
  readonly matches: Map<Expression, Match>;
  readonly usedBlocks: Set<BlockSection>;
  /** The lines that could not be read: a name that stands there may well be declared there. */
  readonly brokenText: string;
  /** Where the text could not be read. */
  readonly brokenSpans: readonly Span[];
  /** Held here because options and values resolve each other. */
  readonly resolveFunction: (scope: Scope, expression: Expression) => void;
}

export function childScope(
  parent: Scope | undefined,
  later: Iterable<string> = [],
  laterTasks: Iterable<string> = [],
): Scope {
  return {
    parent,
    names: new Map(),
    later: new Set(later),
    tasks: new Map(parent?.tasks ?? []),
    laterTasks: new Set([...(parent?.laterTasks ?? []), ...laterTasks]),
  };
}

export function lookup(scope: Scope, name: string): Declared | undefined {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const found = at.names.get(name);
    if (found) return found;
  }
  return undefined;
}

function isLater(scope: Scope, name: string): boolean {
  for (let at: Scope | undefined = scope; at; at = at.parent) if (at.later.has(name)) return true;
  return false;
}

function visibleNames(scope: Scope): string[] {
  const names: string[] = [];
  for (let at: Scope | undefined = scope; at; at = at.parent) names.push(...at.names.keys());
  return names;
}

export function declare(resolution: Resolution, scope: Scope, name: Identifier, declared: Declared): void {
  if (name.name === "__proto__")
    resolution.diagnostics.push(diagnostic("NN2029", name.span, { name: name.name }));
  const earlier = lookup(scope, name.name);
  if (earlier) {
    resolution.diagnostics.push(
      diagnostic(
        "NN2002",
        name.span,
        { name: name.name, first: earlier.role },
        {
          related: [{ span: earlier.span, message: "first declared here" }],
        },
      ),
    );
    return;
  }
  scope.names.set(name.name, declared);
}

/** Says that a name is unknown, or not declared yet. */
export function reportUnknown(
  resolution: Resolution,
  scope: Scope,
  name: Identifier,
  what: "layer" | "value" | "constant",
): void {
  if (isLater(scope, name.name)) {
    resolution.diagnostics.push(diagnostic("NN2003", name.span, { name: name.name }));
    return;
  }
  if (what === "layer" && isPlanned("layer", name.name)) {
    resolution.diagnostics.push(diagnostic("NN5006", name.span, { what: "layer", name: name.name }));
    return;
  }
  if (new RegExp(`\\b${name.name}\\b`).test(resolution.brokenText)) return;
  const layers =
    what === "constant"
      ? []
      : entriesOf("layer")
          .filter((e) => !("hidden" in e))
          .map((e) => e.name);
  const hint = didYouMean(name.name, [...visibleNames(scope), ...layers]);
  resolution.diagnostics.push(
    what === "layer"
      ? diagnostic("NN2004", name.span, { name: name.name }, { hint })
      : diagnostic(
          "NN2001",
          name.span,
          { name: name.name, what: what === "constant" ? "constant" : "value" },
          { hint },
        ),
  );
}

/** The layer of the library that a bare name means where no user's name hides it. */
export function libraryLayer(scope: Scope, name: string) {
  if (lookup(scope, name)) return undefined;
  const entry = findEntry("layer", name);
  return entry && !("hidden" in entry) ? entry : undefined;
}

/** Whether something within this place could not be read. */
export function isBroken(resolution: Resolution, { source, start, end }: Span): boolean {
  return resolution.brokenSpans.some((s) => s.source === source && s.start >= start && s.end <= end);
}
