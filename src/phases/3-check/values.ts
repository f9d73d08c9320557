import type { Reported } from "../../diagnostics/index.js";
import type { Component, Json, ValueType } from "../../library/entry.js";
import type { Span } from "../../source/index.js";
import type { NameScope } from "./names.js";

/** The value of a `const` or `dim`. */
export type Constant = number | string | boolean | readonly Constant[];

/** A tensor of the model, and where it came from. */
export interface TensorValue {
  readonly kind: "tensor";
  /** An input's name or a node's id. */
  readonly ref: string;
  readonly type: ValueType;
  readonly span: Span;
  /** It depends on a mistake that leaves its shape known: the graph has no node for it. */
  readonly tainted?: Unknown;
}

export interface FunctionValue {
  readonly kind: "function";
  /** Applies it; its layers get their names from `names`. */
  readonly apply: (value: ModelValue, names: NameScope, at: Span) => ModelValue;
}

/** What has no value, since a mistake was found in it and told. */
export class Unknown {
  readonly kind = "unknown";

  constructor(readonly reported: Reported) {}
}

/** What an expression of the model is while it is expanded. */
export type ModelValue =
  | TensorValue
  | FunctionValue
  | ListValue
  | { readonly kind: "scalar"; readonly value: Constant }
  | { readonly kind: "component"; readonly component: Component }
  | { readonly kind: "object"; readonly entries: ReadonlyMap<string, ModelValue> }
  | Unknown;

export interface ListValue {
  readonly kind: "list";
  readonly items: readonly ModelValue[];
  /** How many lists lie in each other here; whoever walks them later may use the stack. */
  readonly depth: number;
  /** How many values it holds all told: the same list may lie in it many times. */
  readonly size: number;
}

/** A list, with its depth and size. */
export function listOf(items: readonly ModelValue[]): ListValue {
  let depth = 0;
  for (const item of items) if (item.kind === "list" && item.depth > depth) depth = item.depth;
  return { kind: "list", items, depth: depth + 1, size: sizeOf(items) };
}

/** How many values there are, those of lists counted one by one: what walking them costs. */
export function sizeOf(values: readonly ModelValue[]): number {
  let size = 0;
  for (const value of values)
    if (value.kind === "list") size += value.size;
    else if (value.kind === "object") size += sizeOf([...value.entries.values()]);
    else size += value.kind === "scalar" ? leavesOf(value.value) : 1;
  return size;
}

/** Counting stops here: no budget has room for as many. */
const MOST_LEAVES = 1_000_000;

/** How many values a constant holds all told, lists within lists laid open; constants share their lists with those made of them. */
export function leavesOf(value: Constant): number {
  if (!Array.isArray(value)) return 1;
  let leaves = 0;
  for (const item of value) {
    leaves += leavesOf(item);
    if (leaves >= MOST_LEAVES) break;
  }
  return leaves;
}

/** What a parameter of several tensors gets: lists within lists laid open. It is paid for by the caller. */
export function laidOpen(value: ModelValue): readonly ModelValue[] {
  return value.kind === "list" ? value.items.flatMap(laidOpen) : [value];
}

/** The first of several values that is unknown. */
export function unknownAmong(values: readonly unknown[]): Unknown | undefined {
  return values.find((value): value is Unknown => value instanceof Unknown);
}

/** A constant, also of a list of constants; undefined for anything else. */
export function asConstant(value: ModelValue): Constant | Unknown | undefined {
  if (value.kind === "scalar") return value.value;
  if (value.kind === "unknown") return value;
  if (value.kind !== "list") return undefined;
  const items: Constant[] = [];
  for (const item of value.items) {
    const constant = asConstant(item);
    if (constant === undefined || constant instanceof Unknown) return constant;
    items.push(constant);
  }
  return items;
}

/** A value as JSON, where it is one; the keys of groups are the user's own. */
export function asJson(value: ModelValue): Json | Unknown | undefined {
  if (value.kind === "list") {
    const items: Json[] = [];
    for (const item of value.items) {
      const json = asJson(item);
      if (json === undefined || json instanceof Unknown) return json;
      items.push(json);
    }
    return items;
  }
  if (value.kind !== "object") return asConstant(value);
  const entries: [string, Json][] = [];
  for (const [key, inner] of value.entries) {
    const json = asJson(inner);
    if (json === undefined || json instanceof Unknown) return json;
    entries.push([key, json]);
  }
  return Object.fromEntries(entries);
}

/** A value in the words of a message. */
export function describeValue(value: ModelValue): string {
  switch (value.kind) {
    case "tensor":
      return "a tensor";
    case "list":
      return "a list";
    case "function":
      return "a function";
    case "component":
      return "an activation";
    case "scalar":
      return describeConstant(value.value);
    default:
      return "a group";
  }
}

export function describeConstant(value: Constant): string {
  if (typeof value === "number") return "a number";
  if (typeof value === "string") return "a string";
  return typeof value === "boolean" ? "a truth value" : "a list";
}
