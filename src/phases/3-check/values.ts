import type { Component, ValueType } from "../../library/entry.js";
import type { Span } from "../../source/index.js";
import type { Constant } from "../2-resolve/resolved.js";
import type { NameScope } from "./names.js";

/** A tensor of the model, and where it came from. */
export interface TensorValue {
  readonly kind: "tensor";
  /** An input's name or a node's id. */
  readonly ref: string;
  readonly type: ValueType;
  readonly span: Span;
}

export interface FunctionValue {
  readonly kind: "function";
  /** Applies it; its layers get their names from `names`. */
  readonly apply: (value: ModelValue, names: NameScope, at: Span) => ModelValue;
}

/** What an expression of the model is while it is expanded. `unknown` has been reported already. */
export type ModelValue =
  | TensorValue
  | FunctionValue
  | { readonly kind: "list"; readonly items: readonly ModelValue[] }
  | { readonly kind: "scalar"; readonly value: Constant }
  | { readonly kind: "component"; readonly component: Component }
  | { readonly kind: "unknown" };

export const unknown: ModelValue = { kind: "unknown" };

/** What a parameter of several tensors gets: lists within lists laid open. */
export function laidOpen(value: ModelValue): readonly ModelValue[] {
  return value.kind === "list" ? value.items.flatMap(laidOpen) : [value];
}
