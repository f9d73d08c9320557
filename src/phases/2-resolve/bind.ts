import type { Reported } from "../../diagnostics/index.js";
import { walk } from "../../syntax/children.js";
import type {
  ComprehensionExpression,
  Expression,
  Identifier,
  Node,
  PathExpression,
} from "../../syntax/tree.js";
import { reportMisfit } from "./misfits.js";
import type { Definition, Role, Scope } from "./model.js";
import { VALUE, type Part } from "./parts.js";
import {
  childScope,
  explain,
  libraryDefinition,
  libraryLayer,
  lookup,
  lookupTask,
  type Resolution,
} from "./scope.js";
import type { Slot, Wanted } from "./slots.js";

/** A name that stands for itself: a word of an enumeration, a column, a class. */
export function bindAs(r: Resolution, name: Identifier, role: Role, declaration?: Identifier): void {
  r.model.bind(name, { role, name: name.name, kind: "unknown", declaration });
}

/** An argument's or setting's name, which is that of a parameter. */
export function bindSlot(r: Resolution, name: Identifier, { parameter }: Slot): void {
  r.model.bind(name, { role: "an option", name: name.name, kind: "unknown", parameter });
}

/** The segments of a path behind its first: a member of a task, a layer with a name of its own, or a property. */
export function bindRest(r: Resolution, { segments }: PathExpression, first: Definition, role: Role): void {
  let around: Definition | undefined = first;
  for (let i = 1; i < segments.length; i++) {
    const segment = segments[i]!;
    around = around && partOf(around, segment.name);
    if (around) r.model.bind(segment, around);
    else bindAs(r, segment, role);
  }
}

/** What a name means right behind another one; the layers of a task's output stand right below the task. */
function partOf({ members, parts }: Definition, name: string): Definition | undefined {
  return members?.get(name) ?? parts?.get(name) ?? members?.get("output")?.parts?.get(name);
}

/**
 * Says what the names in an expression refer to, as far as that is known, and reports none of the others: the expression is
 * already known to be wrong, or is in a place where words are allowed.
 */
export function bindQuietly(r: Resolution, scope: Scope, node: Node, reported?: Reported): void {
  walk(node, (inner) => {
    if (inner.kind === "comprehension") {
      bindComprehension(r, scope, inner, reported);
      return false;
    }
    if (inner.kind === "path") bindPath(r, scope, inner);
    else if (inner.kind === "identifier") {
      // Paths have bound their own names by now. What is left are names of options, words, and what could not be read.
      const role: Role = reported === undefined ? "a word" : "unknown";
      r.model.bind(inner, { role, name: inner.name, kind: "unknown", reported });
    }
    return true;
  });
}

function bindComprehension(
  r: Resolution,
  scope: Scope,
  { variable, range, body }: ComprehensionExpression,
  reported: Reported | undefined,
): void {
  const within = childScope(scope);
  const name = variable.name;
  const definition: Definition = { role: "a variable", name, kind: "scalar", declaration: variable };
  within.names.set(name, definition);
  r.model.bind(variable, definition);
  bindQuietly(r, scope, range, reported);
  bindQuietly(r, within, body, reported);
}

/** `trunk.*`, `mass.h`: the first name is one of the spec, or a word. */
function bindPath(r: Resolution, scope: Scope, path: PathExpression): void {
  const [name] = path.segments;
  if (!name) return;
  const layer = libraryLayer(scope, name.name);
  const found =
    lookup(scope, name.name) ?? lookupTask(scope, name.name) ?? (layer && libraryDefinition(r, layer));
  if (found) r.model.bind(name, found);
  else bindAs(r, name, "a word");
  // A monitor names a part of the data and then a task: `validation.mass.loss`.
  const [, second, third] = path.segments;
  const task = found || !second || !third ? undefined : lookupTask(scope, second.name);
  if (task && second) r.model.bind(second, task);
  bindRest(r, path, found ?? { role: "a word", name: name.name, kind: "unknown" }, "part of a path");
}

/** Says that an expression does not fit; what is in it is looked at where that is a value all the same. */
export function misfit(r: Resolution, scope: Scope, expression: Expression, wanted: Wanted): readonly Part[] {
  explain(r, expression, reportMisfit(r, expression, wanted));
  if (wanted.what === "function" && r.model.kindOf(expression) === "tensor") return [[expression, VALUE]];
  bindQuietly(r, scope, expression);
  return [];
}
