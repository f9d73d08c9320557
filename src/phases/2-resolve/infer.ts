import { isTensorName } from "./arguments.js";
import type {
  CallExpression,
  ComprehensionExpression,
  Expression,
  PathExpression,
} from "../../syntax/tree.js";
import type { Scope } from "./model.js";
import { childScope, libraryLayer, lookup, type Resolution } from "./scope.js";
import { entrySignature } from "./signatures.js";
import type { ValueKind } from "./slots.js";

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
      for (const end of [expression.from, expression.to]) infer(r, scope, end);
      return "scalar";
    case "path":
      return pathKind(scope, expression);
    case "call":
      return callKind(r, scope, expression);
    case "pipe":
      return pipeKind(expression.stages.map((stage) => infer(r, scope, stage)));
    case "repeat":
      for (const part of [expression.count, expression.body]) infer(r, scope, part);
      return "function";
    case "parenthesized":
      return infer(r, scope, expression.inner);
    case "as":
      return infer(r, scope, expression.target);
    case "unary":
      return infer(r, scope, expression.operand);
    case "binary":
      return together([infer(r, scope, expression.left), infer(r, scope, expression.right)]);
    case "list":
      return listKind(expression.items.map((item) => infer(r, scope, item)));
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

function pipeKind([first]: readonly ValueKind[]): ValueKind {
  return first === "function" ? "function" : "tensor";
}

function listKind(kinds: readonly ValueKind[]): ValueKind {
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
function together(kinds: readonly ValueKind[]): ValueKind {
  if (kinds.includes("tensor")) return "tensor";
  return kinds.every((kind) => kind === "scalar") ? "scalar" : "unknown";
}

function pathKind(scope: Scope, { segments }: PathExpression): ValueKind {
  const names = segments.map((segment) => segment.name);
  if (names.length === 2 && names[1] === "output") return "tensor";
  const declared = lookup(scope, names[0] ?? "");
  if (names.length > 1) return declared && isProperty(names) ? "scalar" : "unknown";
  if (declared) return declared.kind;
  return libraryLayer(scope, names[0] ?? "") ? "function" : "unknown";
}

const properties: readonly string[] = ["length", "shape", "shape.length"];

/** Whether a path asks for a property of its first name: `features.length`, `x.shape`. */
export function isProperty(names: readonly string[]): boolean {
  return properties.includes(names.slice(1).join("."));
}

function callKind(r: Resolution, scope: Scope, call: CallExpression): ValueKind {
  const kinds = call.arguments.map(({ value }) => infer(r, scope, value));
  const name = call.callee.segments[0]?.name ?? "";
  const declared = lookup(scope, name);
  const layer = declared ? undefined : libraryLayer(scope, name);
  const signature = layer ? entrySignature(r, layer) : declared?.block?.signature;
  if (!signature) return declared?.kind === "function" && kinds.length > 0 ? "tensor" : "unknown";
  const named = new Set(call.arguments.flatMap((argument) => argument.name?.name ?? []));
  const positional = call.arguments.filter(
    (argument, i) => !argument.name && (kinds[i] === "tensor" || kinds[i] === "list"),
  ).length;
  const { awaited } = signature;
  const given = positional + awaited.filter((slot) => named.has(slot.name)).length;
  // A name that is misspelled, or was refused, is likely the tensor that is missing.
  const doubtful = call.arguments.filter(
    ({ name: own, value }, i) => !own && kinds[i] === "unknown" && isTensorName(value, undefined),
  ).length;
  if (given < awaited.length) return given + doubtful < awaited.length ? "function" : "unknown";
  return declared?.block?.returns === "list" ? "list" : "tensor";
}
