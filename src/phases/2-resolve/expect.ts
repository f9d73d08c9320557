import { walk } from "../../syntax/children.js";
import type {
  AsExpression,
  ComprehensionExpression,
  Expression,
  Identifier,
  ObjectExpression,
  PathExpression,
  RepeatExpression,
} from "../../syntax/tree.js";
import { bindAs, bindQuietly, misfit } from "./bind.js";
import { callParts } from "./calls.js";
import { componentParts, groupParts } from "./components.js";
import { bareName } from "./misfits.js";
import type { Definition, Scope } from "./model.js";
import { CONSTANT, FUNCTION, isConstant, partsOf, VALUE, type Part } from "./parts.js";
import { constantPath, valuePath } from "./paths.js";
import { checkName, explain, layerNamed, lookup, type Resolution } from "./scope.js";
import { takesWords, type Wanted } from "./slots.js";

/**
 * Brings to an expression what is wanted in its place: binds every identifier in it, sorts the arguments of its calls, and
 * says what does not fit. `infer` has been over it.
 */
export function expect(r: Resolution, scope: Scope, expression: Expression, wanted: Wanted): void {
  if (expression.kind === "error") return;
  if (expression.kind === "comprehension" && wanted.what === "value")
    return expectComprehension(r, scope, expression);
  for (const [part, partWanted] of partsIn(r, scope, expression, wanted)) expect(r, scope, part, partWanted);
}

/** Sees to an expression itself; gives what is wanted of its parts. */
function partsIn(r: Resolution, scope: Scope, expression: Expression, wanted: Wanted): readonly Part[] {
  switch (wanted.what) {
    case "anything":
      bindQuietly(r, r.inside ?? scope, expression);
      return [];
    case "component":
      return componentParts(r, scope, expression, wanted);
    case "object":
      return groupParts(r, scope, expression, wanted);
    case "paths":
      expectPaths(r, scope, expression, wanted);
      return [];
    case "column":
      expectColumn(r, scope, expression, wanted);
      return [];
    default:
      return plainParts(r, scope, expression, wanted);
  }
}

/** A value, a function, a constant or a plain option. */
function plainParts(r: Resolution, scope: Scope, expression: Expression, wanted: Wanted): readonly Part[] {
  switch (expression.kind) {
    case "path":
      return pathParts(r, scope, expression, wanted);
    case "call":
      return isConstant(wanted) && isKnown(r, scope, expression.callee)
        ? misfit(r, scope, expression, CONSTANT)
        : callParts(r, scope, expression, wanted.what === "function");
    case "repeat":
      return repeatParts(r, scope, expression, wanted);
    case "comprehension":
      return misfit(r, scope, expression, wanted);
    default: {
      const parts = partsOf(expression, wanted);
      if (!parts) return misfit(r, scope, expression, wanted);
      if (expression.kind === "as") nameLayer(r, scope, expression);
      if (expression.kind === "object") classKeys(r, expression);
      return parts;
    }
  }
}

function classKeys(r: Resolution, { entries }: ObjectExpression): void {
  const seen = new Map<string, Identifier>();
  for (const { key } of entries) {
    bindAs(r, key, "a class");
    const earlier = seen.get(key.name);
    seen.set(key.name, key);
    if (!earlier) continue;
    const related = [{ span: earlier.span, message: "first given here" }];
    r.report.give(
      "NN2008",
      key.span,
      { owner: key.name, reason: "stands twice in these braces" },
      { related },
    );
  }
}

/** Of a callee that is unknown, nothing but that is said. */
function isKnown(r: Resolution, scope: Scope, { segments: [name] }: PathExpression): boolean {
  if (!name) return true;
  const declared = lookup(scope, name.name);
  return declared ? declared.kind !== "unknown" : layerNamed(name.name) !== undefined;
}

function nameLayer(r: Resolution, scope: Scope, { name, target }: AsExpression): void {
  checkName(r, name);
  bindAs(r, name, "a layer's name", name);
  if (!makesLayer(scope, target)) r.report.give("NN2033", name.span, { name: name.name });
}

/** Whether something in an expression can make a layer that the name behind `as` goes to. */
function makesLayer(scope: Scope, target: Expression): boolean {
  let found = false;
  walk(target, (node) => {
    if (node.kind === "path") found ||= canMakeLayer(lookup(scope, node.segments[0]?.name ?? ""));
    else found ||= ["unary", "binary", "repeat", "error"].includes(node.kind);
    return !found;
  });
  return found;
}

/** A shared name makes the same layers wherever it is applied; of what is unknown nothing is said. */
function canMakeLayer(declared: Definition | undefined): boolean {
  if (!declared || declared.kind === "unknown") return true;
  return declared.kind === "function" && declared.role !== "a shared name";
}

function pathParts(r: Resolution, scope: Scope, path: PathExpression, wanted: Wanted): readonly Part[] {
  if (wanted.what === "function") return callParts(r, scope, path, true);
  const name = isWord(scope, path, wanted) ? bareName(path) : undefined;
  if (wanted.what === "value") valuePath(r, scope, path);
  else if (name) bindAs(r, name, "a word");
  else constantPath(r, scope, path);
  return [];
}

/** A name that nothing declares, where words can stand. */
function isWord(scope: Scope, { segments: [name] }: PathExpression, wanted: Wanted): boolean {
  return wanted.what === "plain" && !lookup(scope, name?.name ?? "") && takesWords(wanted.schema);
}

function repeatParts(
  r: Resolution,
  scope: Scope,
  expression: RepeatExpression,
  wanted: Wanted,
): readonly Part[] {
  if (isConstant(wanted)) return misfit(r, scope, expression, wanted);
  if (wanted.what === "value") {
    const extras = { hint: "Apply it: `x |> repeat …`." };
    explain(r, expression, r.report.give("NN2009", expression.span, { what: "This `repeat`" }, extras));
  }
  return [
    [expression.count, CONSTANT],
    [expression.body, FUNCTION],
  ];
}

/** Its body is in a scope of its own. */
function expectComprehension(r: Resolution, scope: Scope, expression: ComprehensionExpression): void {
  expect(r, scope, expression.range, CONSTANT);
  const inner = r.model.scopeOf(expression) ?? scope;
  const { variable } = expression;
  const definition = inner.names.get(variable.name);
  const earlier = lookup(scope, variable.name);
  if (definition) r.model.bind(variable, definition);
  if (earlier) {
    const place = earlier.declaration?.span;
    const related = place ? [{ span: place, message: "first declared here" }] : [];
    r.report.give("NN2002", variable.span, { name: variable.name, first: earlier.role }, { related });
  }
  expect(r, inner, expression.body, VALUE);
}

function expectPaths(r: Resolution, scope: Scope, expression: Expression, wanted: Wanted): void {
  for (const item of expression.kind === "list" ? expression.items : [expression])
    if (item.kind === "path") bindQuietly(r, r.inside ?? scope, item);
    else if (item.kind !== "error") misfit(r, scope, item, wanted);
}

function expectColumn(r: Resolution, scope: Scope, expression: Expression, wanted: Wanted): void {
  const name = bareName(expression);
  if (name) bindAs(r, name, "a column");
  else if (expression.kind !== "string" && expression.kind !== "column") misfit(r, scope, expression, wanted);
}
