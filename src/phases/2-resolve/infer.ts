import { isLikelyTensor } from "./arguments.js";
import type {
  CallExpression,
  ComprehensionExpression,
  Expression,
  ListExpression,
  PathExpression,
  PipeExpression,
} from "../../syntax/tree.js";
import type { Scope } from "./model.js";
import { childScope, layerNamed, lookup, type Resolution } from "./scope.js";
import { entrySignature } from "./signatures.js";
import type { Signature, ValueKind } from "./slots.js";

/**
 * Says of an expression and of all in it what they give, from the leaves up and without a word about mistakes. Each is
 * looked at once, before `expect` sorts arguments by what they are.
 */
export function infer(r: Resolution, scope: Scope, expression: Expression): ValueKind {
  return r.model.setKind(expression, inferKind(r, scope, expression));
}

function inferKind(r: Resolution, scope: Scope, expression: Expression): ValueKind {
  switch (expression.kind) {
    case "number":
    case "string":
    case "boolean":
      return "scalar";
    case "range":
      infer(r, scope, expression.from);
      infer(r, scope, expression.to);
      return "scalar";
    case "path":
      return pathKind(scope, expression);
    case "call":
      return callKind(r, scope, expression);
    case "pipe":
      return pipeKind(r, scope, expression);
    case "repeat":
      infer(r, scope, expression.count);
      infer(r, scope, expression.body);
      return "function";
    case "parenthesized":
      return infer(r, scope, expression.inner);
    case "as":
      return infer(r, scope, expression.target);
    case "unary":
      return infer(r, scope, expression.operand);
    case "binary":
      return together(infer(r, scope, expression.left), infer(r, scope, expression.right));
    case "list":
      return listKind(r, scope, expression);
    case "comprehension":
      return comprehensionKind(r, scope, expression);
    case "index":
      for (const index of expression.indices) infer(r, scope, index);
      return itemKind(infer(r, scope, expression.target));
    case "object":
      for (const { value } of expression.entries) infer(r, scope, value);
      return "unknown";
    default:
      return "unknown";
  }
}

function pipeKind(r: Resolution, scope: Scope, { stages }: PipeExpression): ValueKind {
  for (const stage of stages) infer(r, scope, stage);
  const first = stages[0] && r.model.kindOf(stages[0]);
  return first === "function" || first === "unknown" ? first : "tensor";
}

function listKind(r: Resolution, scope: Scope, { items }: ListExpression): ValueKind {
  const kinds = items.map((item) => infer(r, scope, item));
  return kinds.length > 0 && kinds.every((kind) => kind === "scalar") ? "scalar" : "list";
}

function itemKind(target: ValueKind): ValueKind {
  return target === "list" ? "tensor" : target;
}

function comprehensionKind(r: Resolution, scope: Scope, expression: ComprehensionExpression): ValueKind {
  infer(r, scope, expression.range);
  const inner = r.model.openScope(expression, childScope(scope));
  const { name } = expression.variable;
  inner.names.set(name, { role: "a variable", name, kind: "scalar", declaration: expression.variable });
  infer(r, inner, expression.body);
  return "list";
}

/** What arithmetic of two values gives. */
function together(left: ValueKind, right: ValueKind): ValueKind {
  if (left === "tensor" || right === "tensor") return "tensor";
  return left === "scalar" && right === "scalar" ? "scalar" : "unknown";
}

function pathKind(scope: Scope, { segments }: PathExpression): ValueKind {
  if (segments.length === 2 && segments[1]?.name === "output") return "tensor";
  const name = segments[0]?.name ?? "";
  const declared = lookup(scope, name);
  if (segments.length > 1) return declared && isProperty(segments) ? "scalar" : "unknown";
  if (declared) return declared.kind;
  return layerNamed(name) ? "function" : "unknown";
}

const properties: readonly string[] = ["length", "shape", "shape.length"];

/** Whether a path asks for a property of its first name: `features.length`, `x.shape`. */
export function isProperty(segments: PathExpression["segments"]): boolean {
  if (segments.length === 1) return false;
  const names = segments.map((segment) => segment.name);
  return properties.includes(names.slice(1).join("."));
}

function callKind(r: Resolution, scope: Scope, call: CallExpression): ValueKind {
  for (const { value } of call.arguments) infer(r, scope, value);
  const name = call.callee.segments[0]?.name ?? "";
  const declared = lookup(scope, name);
  const layer = declared ? undefined : layerNamed(name);
  const signature = layer ? entrySignature(r, layer) : declared?.block?.signature;
  if (!signature) return declared?.kind === "function" && call.arguments.length > 0 ? "tensor" : "unknown";
  const lacking = signature.awaited.length - tensorsGiven(r, signature, call);
  if (lacking <= 0) return declared?.block?.returns === "list" ? "list" : "tensor";
  const doubtful = doubtfulTensors(r, call) + Math.max(0, plainGiven(r, call) - signature.options.length);
  return doubtful < lacking ? "function" : "unknown";
}

/** How many of the tensors that a call awaits are given with it. */
function tensorsGiven(r: Resolution, { awaited }: Signature, call: CallExpression): number {
  let given = 0;
  let named: Set<string> | undefined;
  for (const { name, value } of call.arguments) {
    if (name) (named ??= new Set()).add(name.name);
    else if (isTensorKind(r.model.kindOf(value))) given++;
  }
  if (named) for (const slot of awaited) if (named.has(slot.name)) given++;
  return given;
}

/** How many constants a call is given without a name; more than it has options for are in the place of tensors. */
function plainGiven(r: Resolution, call: CallExpression): number {
  return call.arguments.filter(({ name, value }) => !name && r.model.kindOf(value) === "scalar").length;
}

function isTensorKind(kind: ValueKind): boolean {
  return kind === "tensor" || kind === "list";
}

/** A name that is misspelled, or was refused, is likely the tensor that is missing. */
function doubtfulTensors(r: Resolution, call: CallExpression): number {
  return call.arguments.filter(
    ({ name, value }) => !name && r.model.kindOf(value) === "unknown" && isLikelyTensor(value, undefined),
  ).length;
}
