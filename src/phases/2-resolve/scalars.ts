import { diagnostic } from "../../diagnostics/index.js";
import type { Expression, PathExpression } from "../../syntax/tree.js";
import { lookup, reportUnknown, type Declared, type Resolution, type Scope } from "./scope.js";

/** Resolves an expression of numbers, strings and constants. */
export function resolveScalar(r: Resolution, scope: Scope, expression: Expression): void {
  switch (expression.kind) {
    case "number":
    case "string":
    case "boolean":
    case "error":
      return;
    case "path": {
      const [name, property] = expression.segments;
      const declared = lookup(scope, name!.name);
      if (!declared || (property && declared.role === "a task"))
        return reportUnknown(r, scope, name!, "constant");
      if (property) return resolveProperty(r, expression, declared);
      if (declared.kind !== "scalar" && declared.kind !== "unknown") {
        r.diagnostics.push(
          diagnostic("NN2017", expression.span, {
            reason: `A constant is wanted here, and \`${name!.name}\` is ${declared.role}`,
          }),
        );
      }
      return;
    }
    case "unary":
      return resolveScalar(r, scope, expression.operand);
    case "binary":
      resolveScalar(r, scope, expression.left);
      return resolveScalar(r, scope, expression.right);
    case "range":
      resolveScalar(r, scope, expression.from);
      return resolveScalar(r, scope, expression.to);
    case "parenthesized":
      return resolveScalar(r, scope, expression.inner);
    case "list":
      for (const item of expression.items) resolveScalar(r, scope, item);
      return;
    case "index":
      resolveScalar(r, scope, expression.target);
      for (const index of expression.indices) resolveScalar(r, scope, index);
      return;
    default:
      r.diagnostics.push(
        diagnostic("NN2017", expression.span, {
          reason: `A constant is wanted here, and this is ${describe(expression)}`,
        }),
      );
  }
}

const properties: readonly string[] = ["length", "shape", "shape.length"];

/** What a property is asked of shows in phase 3: a block may return a list. */
function resolveProperty(r: Resolution, path: PathExpression, declared: Declared): void {
  if (!declared.block && properties.includes(propertyText(path.segments.map((s) => s.name)))) return;
  const reason = `A constant is wanted here, and \`${pathText(path)}\` is none`;
  r.diagnostics.push(diagnostic("NN2017", path.span, { reason }, { hint: PROPERTIES_HINT }));
}

export const PROPERTIES_HINT = "A list has `length`, a tensor `shape`: its dimensions without the batch.";

function propertyText(names: readonly string[]): string {
  return names.slice(1).join(".");
}

/** Whether a path is a constant: `features.length`, `x.shape`. */
export function isProperty(names: readonly string[], scope: Scope): boolean {
  return properties.includes(propertyText(names)) && lookup(scope, names[0]!) !== undefined;
}

export function pathText(path: PathExpression): string {
  return path.segments.map((s) => s.name).join(".");
}

export function describe(expression: Expression): string {
  switch (expression.kind) {
    case "number":
      return "a number";
    case "string":
      return "a string";
    case "boolean":
      return "a truth value";
    case "range":
      return "a range";
    case "object":
      return "a group of settings";
    case "column":
      return "a column";
    case "list":
    case "comprehension":
      return "a list";
    case "call":
      return "a call";
    case "pipe":
      return "a pipe";
    case "repeat":
      return "a `repeat`";
    default:
      return "an expression";
  }
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
