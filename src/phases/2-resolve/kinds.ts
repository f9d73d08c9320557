import type { Parameter } from "../../library/entry.js";
import type { BlockParameter, BlockSection, Expression } from "../../syntax/tree.js";
import { isProperty } from "./scalars.js";
import { libraryLayer, lookup, type Scope, type ValueKind } from "./scope.js";

/** What a callable's parameter takes, for sorting arguments. */
export interface Slot {
  readonly name: string;
  readonly role: "tensor" | "tensors" | "function" | "component" | "option";
  readonly required: boolean;
  readonly parameter?: Parameter;
  readonly block?: BlockParameter;
}

export function entrySlots(parameters: readonly Parameter[]): Slot[] {
  return parameters.map((parameter) => ({
    name: parameter.name,
    role: slotRole(parameter),
    required: parameter.kind === "tensor" ? parameter.optional !== true : !("default" in parameter),
    parameter,
  }));
}

function slotRole(parameter: Parameter): Slot["role"] {
  if (parameter.kind === "tensor" || parameter.kind === "tensors") return parameter.kind;
  if (parameter.kind === "component") return parameter.of === "layer" ? "function" : "component";
  return parameter.kind === "option" || parameter.kind === "object" ? "option" : "component";
}

export function blockSlots(parameters: readonly BlockParameter[]): Slot[] {
  return parameters.map((block) => ({
    name: block.name.name,
    role: blockRole(block.type.base.name),
    required: block.defaultValue === undefined,
    block,
  }));
}

function blockRole(type: string): Slot["role"] {
  if (type === "tensor" || type === "tensors") return type;
  if (type === "layer") return "function";
  return type === "activation" ? "component" : "option";
}

/** The kind of a name that a block parameter's type gives. */
export function parameterKind(type: string): ValueKind {
  if (type === "tensor") return "tensor";
  if (type === "tensors") return "list";
  if (type === "layer") return "function";
  return type === "activation" ? "component" : "scalar";
}

function slotsOf(scope: Scope, name: string): Slot[] | undefined {
  const declared = lookup(scope, name);
  if (declared?.block) return blockSlots(declared.block.declaration.parameters);
  if (declared) return undefined;
  const layer = libraryLayer(scope, name);
  return layer ? entrySlots(layer.parameters) : undefined;
}

/** What an expression gives, without a word about mistakes in it. */
export function kindOf(expression: Expression, scope: Scope): ValueKind {
  switch (expression.kind) {
    case "number":
    case "string":
    case "boolean":
    case "range":
      return "scalar";
    case "path":
      return pathKind(
        expression.segments.map((s) => s.name),
        scope,
      );
    case "call":
      return callKind(expression, scope);
    case "pipe":
      return kindOf(expression.stages[0]!, scope) === "function" ? "function" : "tensor";
    case "repeat":
      return "function";
    case "parenthesized":
      return kindOf(expression.inner, scope);
    case "as":
      return kindOf(expression.target, scope);
    case "unary":
      return kindOf(expression.operand, scope);
    case "binary": {
      const kinds = [kindOf(expression.left, scope), kindOf(expression.right, scope)];
      if (kinds.includes("tensor")) return "tensor";
      return kinds.every((k) => k === "scalar") ? "scalar" : "unknown";
    }
    case "list": {
      const kinds = expression.items.map((item) => kindOf(item, scope));
      return kinds.length > 0 && kinds.every((k) => k === "scalar") ? "scalar" : "list";
    }
    case "comprehension":
      return "list";
    case "index":
      return kindOf(expression.target, scope) === "list" ? "tensor" : kindOf(expression.target, scope);
    default:
      return "unknown";
  }
}

function pathKind(names: readonly string[], scope: Scope): ValueKind {
  if (names.length === 2 && names[1] === "output") return "tensor";
  if (isProperty(names, scope)) return "scalar";
  if (names.length !== 1) return "unknown";
  const declared = lookup(scope, names[0]!);
  if (declared) return declared.block ? "function" : declared.kind;
  return libraryLayer(scope, names[0]!) ? "function" : "unknown";
}

function callKind(call: Expression & { kind: "call" }, scope: Scope): ValueKind {
  const name = call.callee.segments[0]!.name;
  const slots = slotsOf(scope, name);
  if (!slots)
    return lookup(scope, name)?.kind === "function" && call.arguments.length > 0 ? "tensor" : "unknown";
  const named = new Set(call.arguments.flatMap((a) => (a.name ? [a.name.name] : [])));
  const positional = call.arguments.filter(
    (a) => !a.name && (kindOf(a.value, scope) === "tensor" || kindOf(a.value, scope) === "list"),
  ).length;
  const wanted = slots.filter((s) => (s.role === "tensor" && s.required) || s.role === "tensors");
  const given = positional + wanted.filter((s) => named.has(s.name)).length;
  const applied = wanted.length === 0 || given >= wanted.length;
  if (!applied) return "function";
  const block = lookup(scope, name)?.block;
  return block && returnsList(block.declaration) ? "list" : "tensor";
}

function returnsList(block: BlockSection): boolean {
  const last = block.items.findLast((item) => item.kind === "return");
  const kind = last?.kind === "return" ? last.value.kind : undefined;
  return kind === "list" || kind === "comprehension";
}
