import type { Reported } from "../../diagnostics/index.js";
import type { ComponentKind } from "../../library/entry.js";
import { findEntry } from "../../library/index.js";
import { plannedInstead } from "../../library/planned.js";
import type { Expression, Identifier } from "../../syntax/tree.js";
import { sortArguments, type Arguments } from "./arguments.js";
import { bindQuietly, bindSlot, misfit } from "./bind.js";
import { article, bareName, capital, componentHint, label } from "./misfits.js";
import type { Call, Definition, Scope } from "./model.js";
import { CONSTANT, type Part } from "./parts.js";
import { explain, libraryDefinition, lookup, reportPlanned, type Resolution } from "./scope.js";
import { entrySignature } from "./signatures.js";
import type { Signature, Wanted } from "./slots.js";

type WantedComponent = Extract<Wanted, { readonly what: "component" }>;
type WantedGroup = Extract<Wanted, { readonly what: "object" }>;

/** What an option that holds components, or a number in their place, is made of. */
export function componentParts(
  r: Resolution,
  scope: Scope,
  expression: Expression,
  wanted: WantedComponent,
): readonly Part[] {
  if (wanted.list && expression.kind === "list")
    return expression.items.flatMap((item) => oneComponent(r, scope, item, wanted));
  if (wanted.plain && isScalarLike(expression, scope)) return [[expression, CONSTANT]];
  return oneComponent(r, scope, expression, wanted);
}

function isScalarLike(expression: Expression, scope: Scope): boolean {
  if (expression.kind === "path") return lookup(scope, expression.segments[0]?.name ?? "")?.kind === "scalar";
  return ["number", "unary", "binary", "parenthesized"].includes(expression.kind);
}

function oneComponent(
  r: Resolution,
  scope: Scope,
  expression: Expression,
  wanted: WantedComponent,
): readonly Part[] {
  if (expression.kind === "error") return [];
  const name = bareName(expression.kind === "call" ? expression.callee : expression);
  if (!name) return misfit(r, scope, expression, wanted);
  const declared = lookup(scope, name.name);
  const entry = findEntry(wanted.of, name.name);
  if (declared && (declared.kind === "component" || !entry))
    return declaredComponent(r, scope, expression, { declared, wanted });
  if (!entry) {
    const reported = reportUnknownComponent(r, wanted.of, name);
    r.model.bind(name, { role: "unknown", name: name.name, kind: "unknown", reported });
    explain(r, expression, reported);
    bindQuietly(r, scope, expression);
    return [];
  }
  r.model.bind(name, libraryDefinition(r, entry));
  const given = expression.kind === "call" ? expression.arguments : [];
  return optionParts(r, scope, expression, {
    owner: entry.name,
    signature: entrySignature(r, entry),
    given,
    target: { kind: "entry", entry },
  });
}

/** A component by a name of the spec: a block's parameter. */
function declaredComponent(
  r: Resolution,
  scope: Scope,
  expression: Expression,
  { declared, wanted }: { readonly declared: Definition; readonly wanted: WantedComponent },
): readonly Part[] {
  bindQuietly(r, scope, expression);
  if (declared.kind === "component") return [];
  const reason = `${capital(article(label(wanted.of)))} is wanted here, and \`${declared.name}\` is ${declared.role}`;
  const reported: Reported | undefined =
    declared.kind === "unknown" ? declared.reported : r.report.give("NN2017", expression.span, { reason });
  if (reported) explain(r, expression, reported);
  return [];
}

interface Optional {
  readonly owner: string;
  readonly signature: Signature;
  readonly given: Arguments["given"];
  readonly target: Call["target"];
}

/** Sorts the options of a component or a group. */
function optionParts(
  r: Resolution,
  scope: Scope,
  expression: Expression,
  { owner, signature, given, target }: Optional,
): readonly Part[] {
  const { span } = expression;
  const sorted = sortArguments(r, { owner, signature, given, span, awaiting: false, bind: bindSlot });
  const { options } = sorted;
  for (const value of sorted.rejected) bindQuietly(r, scope, value);
  r.model.setCall(expression, { target, tensors: [], options, awaiting: false });
  // Most are bare names, such as `relu`.
  return options.size === 0 ? [] : [...options.values()].map(({ slot, value }): Part => [value, slot.wanted]);
}

/** `{ key: value }`, whose keys are parameters. */
export function groupParts(
  r: Resolution,
  scope: Scope,
  expression: Expression,
  wanted: WantedGroup,
): readonly Part[] {
  if (expression.kind !== "object") return misfit(r, scope, expression, wanted);
  const { name, parameters } = wanted.parameter;
  const given = expression.entries.map(({ key, value, span }) => ({ name: key, value, span }));
  const signature = entrySignature(r, { parameters });
  return optionParts(r, scope, expression, { owner: name, signature, given, target: { kind: "object" } });
}

function reportUnknownComponent(r: Resolution, kind: ComponentKind, { name, span }: Identifier): Reported {
  const instead = plannedInstead(kind, name);
  if (instead !== undefined) return reportPlanned(r.report, span, { what: label(kind), name, instead });
  return r.report.give(
    "NN2020",
    span,
    { kind: label(kind), name },
    { hint: () => componentHint(kind, name) },
  );
}
