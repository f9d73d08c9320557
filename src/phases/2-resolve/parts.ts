import type { Expression } from "../../syntax/tree.js";
import type { Wanted } from "./slots.js";

export const VALUE: Wanted = { what: "value" };
export const FUNCTION: Wanted = { what: "function" };
export const CONSTANT: Wanted = { what: "constant" };
const OPERAND: Wanted = { what: "value", numbers: true };

/** A part of an expression, and what is wanted of it. */
export type Part = readonly [Expression, Wanted];

/** The parts of an expression in a place where such a thing is wanted; undefined where it does not fit. */
type PartsOf<K extends Expression["kind"]> = (
  expression: Extract<Expression, { readonly kind: K }>,
  wanted: Wanted,
) => readonly Part[] | undefined;

/** Expressions that are not merely the sum of their parts. */
type Special = "path" | "call" | "comprehension" | "repeat";

export function isConstant({ what }: Wanted): boolean {
  return what === "constant" || what === "plain";
}

const isFunction = ({ what }: Wanted) => what === "function";
const literal = (_: Expression, wanted: Wanted) => (isConstant(wanted) ? [] : undefined);
const never = () => undefined;

/** What arithmetic and indexing take in the place of a value, and elsewhere. */
const operands = (parts: readonly Expression[], wanted: Wanted): readonly Part[] | undefined =>
  isFunction(wanted) ? undefined : parts.map((part) => [part, isConstant(wanted) ? CONSTANT : OPERAND]);

const byKind: { readonly [K in Exclude<Expression["kind"], Special>]: PartsOf<K> } = {
  number: (_, wanted) => (isConstant(wanted) || (wanted.what === "value" && wanted.numbers) ? [] : undefined),
  string: literal,
  boolean: literal,
  column: never,
  error: () => [],
  parenthesized: ({ inner }, wanted) => [[inner, wanted.what === "plain" ? CONSTANT : wanted]],
  as: ({ target }, wanted) =>
    isConstant(wanted) ? undefined : [[target, isFunction(wanted) ? FUNCTION : VALUE]],
  pipe: ({ stages }, wanted) =>
    isConstant(wanted)
      ? undefined
      : stages.map((stage, i) => [stage, i === 0 && !isFunction(wanted) ? VALUE : FUNCTION]),
  unary: ({ operand }, wanted) => operands([operand], wanted),
  binary: ({ left, right }, wanted) => operands([left, right], wanted),
  range: ({ from, to }, wanted) =>
    isConstant(wanted)
      ? [
          [from, CONSTANT],
          [to, CONSTANT],
        ]
      : undefined,
  list: ({ items }, wanted) =>
    isFunction(wanted) ? undefined : items.map((item) => [item, wanted.what === "value" ? VALUE : wanted]),
  index: ({ target, indices }, wanted) =>
    isFunction(wanted)
      ? undefined
      : [[target, isConstant(wanted) ? CONSTANT : VALUE], ...indices.map((index): Part => [index, CONSTANT])],
  object: ({ entries }, wanted) =>
    wanted.what === "plain" ? entries.map(({ value }) => [value, wanted]) : undefined,
};

export function partsOf(
  expression: Exclude<Expression, { readonly kind: Special }>,
  wanted: Wanted,
): readonly Part[] | undefined {
  // Each row takes the expressions of its own kind.
  const row = byKind[expression.kind] as PartsOf<typeof expression.kind>;
  return row(expression, wanted);
}
