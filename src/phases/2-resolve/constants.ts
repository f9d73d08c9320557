import { diagnostic, type Diagnostic } from "../../diagnostics/index.js";
import type { Expression } from "../../syntax/tree.js";
import type { Constant } from "./resolved.js";

/** Looks a name up, or a property of one, `x.shape`; undefined where it is unknown, which has been reported. */
export type ConstantLookup = (name: string) => Constant | undefined;

/** More than any sensible comprehension; a bound before memory is taken. */
const MAX_RANGE = 100_000;

/** The value of an expression of constants, or undefined after a diagnostic (here or earlier). */
export function evaluateConstant(
  expression: Expression,
  names: ConstantLookup,
  diagnostics: Diagnostic[],
): Constant | undefined {
  const fail = (reason: string): undefined => {
    diagnostics.push(diagnostic("NN2017", expression.span, { reason }));
    return undefined;
  };
  const number = (inner: Expression): number | undefined => {
    const value = evaluateConstant(inner, names, diagnostics);
    if (value === undefined || typeof value === "number") return value;
    diagnostics.push(
      diagnostic("NN2017", inner.span, { reason: `A number is wanted here, not ${show(value)}` }),
    );
    return undefined;
  };
  switch (expression.kind) {
    case "number":
    case "string":
    case "boolean":
      return expression.value;
    case "path": {
      const [name, ...rest] = expression.segments.map((s) => s.name);
      const value = names(name!);
      if (rest.length === 0) return value;
      if (value === undefined) return names([name, ...rest].join("."));
      if (rest.join(".") === "length" && Array.isArray(value)) return value.length;
      return fail(`\`${name}\` is ${show(value)}, which has no \`${rest.join(".")}\``);
    }
    case "parenthesized":
      return evaluateConstant(expression.inner, names, diagnostics);
    case "unary": {
      const value = number(expression.operand);
      return value === undefined ? undefined : -value;
    }
    case "binary": {
      const [left, right] = [number(expression.left), number(expression.right)];
      if (left === undefined || right === undefined) return undefined;
      const value = arithmetic(expression.operator, left, right);
      return Number.isFinite(value)
        ? value
        : fail(`${left} ${expression.operator} ${right} has no finite value`);
    }
    case "range": {
      const [from, to] = [number(expression.from), number(expression.to)];
      if (from === undefined || to === undefined) return undefined;
      if (!Number.isInteger(from) || !Number.isInteger(to))
        return fail("A range goes from one whole number to another");
      if (to - from >= MAX_RANGE)
        return fail(`A range of ${to - from + 1} numbers is longer than ${MAX_RANGE}`);
      return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
    }
    case "list": {
      const items = expression.items.map((item) => evaluateConstant(item, names, diagnostics));
      return items.includes(undefined) ? undefined : (items as Constant[]);
    }
    case "index": {
      const target = evaluateConstant(expression.target, names, diagnostics);
      const index = number(expression.indices[0]!);
      if (target === undefined || index === undefined) return undefined;
      if (!Array.isArray(target)) return fail(`Only lists have items, and this is ${show(target)}`);
      const item = itemAt(target as readonly Constant[], index);
      if (item !== undefined) return item;
      diagnostics.push(
        diagnostic("NN2018", expression.span, { index: String(index), length: target.length }),
      );
      return undefined;
    }
    default:
      return undefined;
  }
}

/** Items count from 0, and from the end below it. */
export function itemAt<T>(items: readonly T[], index: number): T | undefined {
  return Number.isInteger(index) ? items.at(index) : undefined;
}

function arithmetic(operator: string, left: number, right: number): number {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    default:
      return left / right;
  }
}

function show(value: Constant): string {
  if (typeof value === "number") return "a number";
  return typeof value === "string" ? "a string" : typeof value === "boolean" ? "a truth value" : "a list";
}
