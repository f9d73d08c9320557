import type { Reported } from "../../diagnostics/index.js";
import { findEntry } from "../../library/index.js";
import type {
  CallExpression,
  ComprehensionExpression,
  Expression,
  PathExpression,
  RepeatExpression,
} from "../../syntax/tree.js";
import { sortArguments, type Arguments } from "./arguments.js";
import { bindAs, bindQuietly, bindSlot } from "./bind.js";
import { reportUnknownComponent } from "./components.js";
import { article, capital, label, pathText, reportMisfit } from "./misfits.js";
import type { Call, Definition, Scope } from "./model.js";
import { CONSTANT, FUNCTION, isConstant, partsOf, VALUE } from "./parts.js";
import { constantPath, valuePath } from "./paths.js";
import { explain, libraryDefinition, libraryLayer, lookup, reportUnknown, type Resolution } from "./scope.js";
import { entrySignature } from "./signatures.js";
import { functionSignature, takesWords, type Signature, type Wanted } from "./slots.js";

type WantedComponent = Extract<Wanted, { readonly what: "component" }>;
type WantedGroup = Extract<Wanted, { readonly what: "group" }>;

/**
 * Brings to an expression what is wanted in its place: binds every identifier in it, sorts the arguments of its calls, and
 * says what does not fit. `infer` has been over it.
 */
export function expect(r: Resolution, scope: Scope, expression: Expression, wanted: Wanted): void {
  if (expression.kind === "error") return;
  switch (wanted.what) {
    case "anything":
      return bindQuietly(r, r.inside ?? scope, expression);
    case "component":
      return expectComponents(r, scope, expression, wanted);
    case "paths":
      return expectPaths(r, scope, expression, wanted);
    case "column":
      return expectColumn(r, scope, expression, wanted);
    case "group":
      return expectGroup(r, scope, expression, wanted);
    default:
      return expectParts(r, scope, expression, wanted);
  }
}

/** A value, a function, a constant or a plain option. */
function expectParts(r: Resolution, scope: Scope, expression: Expression, wanted: Wanted): void {
  switch (expression.kind) {
    case "path":
      return expectPath(r, scope, expression, wanted);
    case "call":
      return isConstant(wanted)
        ? misfit(r, scope, expression, CONSTANT)
        : expectCall(r, scope, expression, wanted.what === "function");
    case "repeat":
      return expectRepeat(r, scope, expression, wanted);
    case "comprehension":
      return wanted.what === "value"
        ? expectComprehension(r, scope, expression)
        : misfit(r, scope, expression, wanted);
    default: {
      const parts = partsOf(expression, wanted);
      if (!parts) return misfit(r, scope, expression, wanted);
      if (expression.kind === "as") bindAs(r, expression.name, "a layer's name");
      if (expression.kind === "object") for (const { key } of expression.entries) bindAs(r, key, "a class");
      for (const [part, partWanted] of parts) expect(r, scope, part, partWanted);
    }
  }
}

/** Says that an expression does not fit, and goes on with what is in it where that is a value all the same. */
function misfit(r: Resolution, scope: Scope, expression: Expression, wanted: Wanted): void {
  const reported = reportMisfit(r, expression, wanted);
  explain(r, expression, reported);
  if (wanted.what === "function" && r.model.kindOf(expression) === "tensor")
    expect(r, scope, expression, VALUE);
  else bindQuietly(r, scope, expression);
}

function expectPath(r: Resolution, scope: Scope, path: PathExpression, wanted: Wanted): void {
  if (wanted.what === "function") return expectCall(r, scope, path, true);
  if (wanted.what === "value") return valuePath(r, scope, path);
  const [name, ...rest] = path.segments;
  if (
    wanted.what === "plain" &&
    name &&
    rest.length === 0 &&
    !lookup(scope, name.name) &&
    takesWords(wanted.schema)
  )
    return bindAs(r, name, "a word");
  return constantPath(r, scope, path);
}

function expectRepeat(r: Resolution, scope: Scope, expression: RepeatExpression, wanted: Wanted): void {
  if (isConstant(wanted)) return misfit(r, scope, expression, wanted);
  if (wanted.what === "value") {
    const extras = { hint: "Apply it: `x |> repeat …`." };
    explain(r, expression, r.report.give("NN2009", expression.span, { what: "This `repeat`" }, extras));
  }
  expect(r, scope, expression.count, CONSTANT);
  expect(r, scope, expression.body, FUNCTION);
}

function expectComprehension(r: Resolution, scope: Scope, expression: ComprehensionExpression): void {
  expect(r, scope, expression.range, CONSTANT);
  const inner = r.model.scopeOf(expression) ?? scope;
  const { variable } = expression;
  const definition = inner.names.get(variable.name);
  const earlier = lookup(scope, variable.name);
  if (definition) r.model.bind(variable, definition);
  if (earlier) {
    const related = earlier.declaration
      ? [{ span: earlier.declaration.span, message: "first declared here" }]
      : [];
    r.report.give("NN2002", variable.span, { name: variable.name, first: earlier.role }, { related });
  }
  expect(r, inner, expression.body, VALUE);
}

/** `awaiting`: in a function's place, where the first tensor comes by pipe. */
function expectCall(
  r: Resolution,
  scope: Scope,
  expression: CallExpression | PathExpression,
  awaiting: boolean,
): void {
  const callee = expression.kind === "call" ? expression.callee : expression;
  const [name, ...rest] = callee.segments;
  if (!name) return;
  if (rest.length > 0) return notCallable(r, scope, expression, `\`${pathText(callee)}\``);
  const declared = lookup(scope, name.name);
  const layer = libraryLayer(scope, name.name);
  const definition = declared ?? (layer && libraryDefinition(r, layer));
  if (!definition) {
    explain(r, expression, reportUnknown(r, scope, name, "layer"));
    return expectArguments(r, scope, expression);
  }
  r.model.bind(name, definition);
  const means = meaning(r, definition);
  if (means) return finishCall(r, scope, expression, { ...means, awaiting });
  if (definition.kind !== "unknown")
    return notCallable(r, scope, expression, `\`${name.name}\`, ${definition.role},`, definition);
  if (definition.reported) explain(r, expression, definition.reported);
  bindQuietly(r, scope, expression);
}

/** What applying a definition means, where it can be applied. */
function meaning(
  r: Resolution,
  definition: Definition,
): { readonly target: Call["target"]; readonly signature: Signature } | undefined {
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
  what: string,
  definition?: Definition,
): void {
  const at = expression.kind === "call" ? expression.callee.span : expression.span;
  const place = definition?.declaration?.span;
  const related = place ? [{ span: place, message: "declared here" }] : [];
  explain(r, expression, r.report.give("NN2010", at, { what }, { related }));
  bindQuietly(r, scope, expression);
}

/** The arguments of a call that means nothing: values among them are looked at all the same. */
function expectArguments(r: Resolution, scope: Scope, expression: CallExpression | PathExpression): void {
  for (const { name, value } of expression.kind === "call" ? expression.arguments : []) {
    if (name) bindAs(r, name, "unknown");
    if (["tensor", "list"].includes(r.model.kindOf(value))) expect(r, scope, value, VALUE);
    else bindQuietly(r, scope, value);
  }
}

interface Meant {
  readonly target: Call["target"];
  readonly signature: Signature;
  readonly awaiting: boolean;
}

function finishCall(
  r: Resolution,
  scope: Scope,
  expression: CallExpression | PathExpression,
  { target, signature, awaiting }: Meant,
): void {
  const callee = expression.kind === "call" ? expression.callee : expression;
  const given = expression.kind === "call" ? expression.arguments : [];
  const bind: Arguments["bind"] = (name, slot) => {
    const own = target.kind === "block" ? target.block.parameters.get(name.name) : undefined;
    if (own) r.model.bind(name, own);
    else bindSlot(r, name, slot);
  };
  const owner = pathText(callee);
  const sorted = sortArguments(r, { owner, signature, given, span: expression.span, awaiting, bind });
  const { tensors, options } = sorted;
  for (const value of sorted.rejected) bindQuietly(r, scope, value);
  for (const { slot, value } of [...tensors, ...options.values()]) expect(r, scope, value, slot.wanted);
  r.model.setCall(expression, { target, tensors: tensors.map((t) => t.value), options, awaiting });
  if (awaiting || r.model.kindOf(expression) !== "function") return;
  const hint = `Apply it: \`x |> ${owner}(…)\`.`;
  explain(r, expression, r.report.give("NN2009", expression.span, { what: `\`${owner}\`` }, { hint }));
}

function expectComponents(
  r: Resolution,
  scope: Scope,
  expression: Expression,
  wanted: WantedComponent,
): void {
  if (wanted.list && expression.kind === "list") {
    for (const item of expression.items) expectComponent(r, scope, item, wanted);
    return;
  }
  if (wanted.plain && isScalarLike(expression, scope)) return expect(r, scope, expression, CONSTANT);
  expectComponent(r, scope, expression, wanted);
}

function isScalarLike(expression: Expression, scope: Scope): boolean {
  if (expression.kind === "path") return lookup(scope, expression.segments[0]?.name ?? "")?.kind === "scalar";
  return ["number", "unary", "binary", "parenthesized"].includes(expression.kind);
}

function expectComponent(r: Resolution, scope: Scope, expression: Expression, wanted: WantedComponent): void {
  if (expression.kind === "error") return;
  const callee =
    expression.kind === "call" ? expression.callee : expression.kind === "path" ? expression : undefined;
  const [name, ...rest] = callee?.segments ?? [];
  if (!name || rest.length > 0) return misfit(r, scope, expression, wanted);
  const declared = lookup(scope, name.name);
  const entry = findEntry(wanted.of, name.name);
  if (declared && (declared.kind === "component" || !entry))
    return expectDeclared(r, scope, expression, { declared, wanted });
  if (!entry) {
    const reported = reportUnknownComponent(r, wanted.of, name);
    r.model.bind(name, { role: "unknown", name: name.name, kind: "unknown", reported });
    explain(r, expression, reported);
    return bindQuietly(r, scope, expression);
  }
  r.model.bind(name, libraryDefinition(r, entry));
  const given = expression.kind === "call" ? expression.arguments : [];
  expectOptions(r, scope, expression, {
    owner: entry.name,
    signature: entrySignature(r, entry),
    given,
    target: { kind: "entry", entry },
  });
}

/** A component by a name of the spec: a block's parameter. */
function expectDeclared(
  r: Resolution,
  scope: Scope,
  expression: Expression,
  { declared, wanted }: { readonly declared: Definition; readonly wanted: WantedComponent },
): void {
  bindQuietly(r, scope, expression);
  if (declared.kind === "component") return;
  const reason = `${capital(article(label(wanted.of)))} is wanted here, and \`${declared.name}\` is ${declared.role}`;
  const reported: Reported | undefined =
    declared.kind === "unknown" ? declared.reported : r.report.give("NN2017", expression.span, { reason });
  if (reported) explain(r, expression, reported);
}

interface Optional {
  readonly owner: string;
  readonly signature: Signature;
  readonly given: Arguments["given"];
  readonly target: Call["target"];
}

/** Sorts the options of a component or a group. */
function expectOptions(
  r: Resolution,
  scope: Scope,
  expression: Expression,
  { owner, signature, given, target }: Optional,
): void {
  const bind: Arguments["bind"] = (name, slot) => bindSlot(r, name, slot);
  const sorted = sortArguments(r, { owner, signature, given, span: expression.span, awaiting: false, bind });
  const { options } = sorted;
  for (const value of sorted.rejected) bindQuietly(r, scope, value);
  for (const { slot, value } of options.values()) expect(r, scope, value, slot.wanted);
  r.model.setCall(expression, { target, tensors: [], options, awaiting: false });
}

function expectGroup(r: Resolution, scope: Scope, expression: Expression, wanted: WantedGroup): void {
  if (expression.kind !== "object") return misfit(r, scope, expression, wanted);
  const { name, parameters } = wanted.parameter;
  const given = expression.entries.map(({ key, value, span }) => ({ name: key, value, span }));
  const signature = entrySignature(r, { parameters });
  expectOptions(r, scope, expression, { owner: name, signature, given, target: { kind: "group" } });
}

function expectPaths(r: Resolution, scope: Scope, expression: Expression, wanted: Wanted): void {
  for (const item of expression.kind === "list" ? expression.items : [expression])
    if (item.kind === "path") bindQuietly(r, r.inside ?? scope, item);
    else if (item.kind !== "error") misfit(r, scope, item, wanted);
}

function expectColumn(r: Resolution, scope: Scope, expression: Expression, wanted: Wanted): void {
  const [name, ...rest] = expression.kind === "path" ? expression.segments : [];
  if (name && rest.length === 0) bindAs(r, name, "a column");
  else if (expression.kind !== "string" && expression.kind !== "column") misfit(r, scope, expression, wanted);
}
