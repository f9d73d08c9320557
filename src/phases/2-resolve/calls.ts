import type { Entry } from "../../library/entry.js";
import { entry as libraryEntry } from "../../library/index.js";
import type { Span } from "../../source/index.js";
import type { CallExpression, Expression, PathExpression } from "../../syntax/tree.js";
import { sortArguments, type Arguments } from "./arguments.js";
import { bindAs, bindQuietly, bindSlot } from "./bind.js";
import { pathText } from "./misfits.js";
import type { BlockTemplate, Call, Definition, Scope } from "./model.js";
import { VALUE, type Part } from "./parts.js";
import { explain, layerNamed, libraryDefinition, lookup, reportUnknown, type Resolution } from "./scope.js";
import { entrySignature } from "./signatures.js";
import { functionSignature, type Signature } from "./slots.js";

/** The parts of a call, each with what is wanted of it. `awaiting`: it stands behind `|>`, or as a function, and its first tensor comes later. */
export function callParts(
  r: Resolution,
  scope: Scope,
  expression: CallExpression | PathExpression,
  awaiting: boolean,
): readonly Part[] {
  const callee = expression.kind === "call" ? expression.callee : expression;
  const [name] = callee.segments;
  if (!name) return [];
  if (callee.segments.length > 1)
    return notCallable(r, scope, expression, { what: `\`${pathText(callee)}\``, hint: methodHint(callee) });
  const declared = lookup(scope, name.name);
  const layer = declared ? undefined : layerNamed(name.name);
  const definition = declared ?? (layer && libraryDefinition(r, layer));
  if (!definition) {
    explain(r, expression, reportUnknown(r, scope, name, "layer"));
    return unknownArguments(r, scope, expression);
  }
  r.model.bind(name, definition);
  const means = meaning(r, definition);
  if (means) return finishCall(r, scope, expression, means, awaiting);
  if (definition.kind !== "unknown")
    return notCallable(r, scope, expression, {
      what: `\`${name.name}\`, ${definition.role},`,
      place: definition.declaration?.span,
    });
  if (definition.reported) explain(r, expression, definition.reported);
  bindQuietly(r, scope, expression);
  return [];
}

interface Meaning {
  readonly target: Call["target"];
  readonly signature: Signature;
}

/** What applying a definition means, where it can be applied. */
function meaning(r: Resolution, definition: Definition): Meaning | undefined {
  const { block, entry, kind } = definition;
  if (block) {
    r.usedBlocks.add(block.declaration);
    return { target: { kind: "block", block }, signature: block.signature };
  }
  if (entry?.kind === "layer")
    return { target: { kind: "entry", entry }, signature: entrySignature(r, entry) };
  if (kind === "function") return { target: { kind: "function", definition }, signature: functionSignature };
  return undefined;
}

function notCallable(
  r: Resolution,
  scope: Scope,
  expression: Expression,
  {
    what,
    place,
    hint,
  }: { readonly what: string; readonly place?: Span | undefined; readonly hint?: string | undefined },
): readonly Part[] {
  const at = expression.kind === "call" ? expression.callee.span : expression.span;
  const related = place ? [{ span: place, message: "declared here" }] : [];
  explain(r, expression, r.report.give("NN2010", at, { what }, { related, hint }));
  bindQuietly(r, scope, expression);
  return [];
}

/** `x.dense(8)`, as layers are applied elsewhere. */
function methodHint({ segments }: PathExpression): string | undefined {
  const [head, layer, ...rest] = segments.map(({ name }) => name);
  const isLayer = layer !== undefined && rest.length === 0 && layerNamed(layer) !== undefined;
  return isLayer ? `A layer is applied with a pipe: \`${head} |> ${layer}(…)\`.` : undefined;
}

/** The arguments of a call that means nothing: values among them are looked at all the same. */
function unknownArguments(
  r: Resolution,
  scope: Scope,
  expression: CallExpression | PathExpression,
): readonly Part[] {
  const values: Part[] = [];
  for (const { name, value } of expression.kind === "call" ? expression.arguments : []) {
    if (name) bindAs(r, name, "unknown");
    if (isValue(r, value)) values.push([value, VALUE]);
    else bindQuietly(r, scope, value);
  }
  return values;
}

function isValue(r: Resolution, value: Expression): boolean {
  return value.kind === "pipe" || ["tensor", "list"].includes(r.model.kindOf(value));
}

function finishCall(
  r: Resolution,
  scope: Scope,
  expression: CallExpression | PathExpression,
  { target, signature }: Meaning,
  awaiting: boolean,
): readonly Part[] {
  const callee = expression.kind === "call" ? expression.callee : expression;
  const given = expression.kind === "call" ? expression.arguments : [];
  const bind = target.kind === "block" ? bindParameter(target.block) : bindSlot;
  const owner = pathText(callee);
  const operator = target.kind === "entry" ? operatorOf(target.entry) : undefined;
  const sorted = sortArguments(r, {
    owner,
    signature,
    given,
    span: expression.span,
    awaiting,
    bind,
    operator,
  });
  const { tensors, options } = sorted;
  for (const value of sorted.rejected) bindQuietly(r, scope, value);
  const parts: Part[] = tensors.map(({ slot, value }) => [value, slot.wanted]);
  for (const { slot, value } of options.values()) parts.push([value, slot.wanted]);
  r.model.setCall(expression, { target, tensors: tensors.map((t) => t.value), options, awaiting });
  if (!awaiting && r.model.kindOf(expression) === "function") {
    const hint = `Apply it: \`x |> ${owner}(…)\`.`;
    explain(r, expression, r.report.give("NN2009", expression.span, { what: `\`${owner}\`` }, { hint }));
  }
  return parts;
}

/** A block's parameter is a definition of its own. */
function bindParameter({ parameters }: BlockTemplate): Arguments["bind"] {
  return (r, name, slot) => {
    const own = parameters.get(name.name);
    if (own) r.model.bind(name, own);
    else bindSlot(r, name, slot);
  };
}

function operatorOf({ kind, name }: Entry): string | undefined {
  const written = kind === "layer" ? libraryEntry("layer", name).written : undefined;
  return written !== undefined && written.length === 1 ? written : undefined;
}
