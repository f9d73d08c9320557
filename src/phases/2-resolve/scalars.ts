import { diagnostic } from "../../diagnostics/index.js";
import type { Expression, PathExpression } from "../../syntax/ast.js";
import { lookup, reportUnknown, type Resolution, type Scope } from "./scope.js";

/** Resolves an expression of numbers, strings and constants. */
export function resolveScalar(r: Resolution, scope: Scope, expression: Expression): void {
  switch (expression.kind) {
    case "number":
    case "string":
    case "boolean":
    case "error":
      return;
    case "path": {
      const [name] = expression.segments;
      const declared = expression.segments.length === 1 ? lookup(scope, name!.name) : undefined;
      if (!declared) return reportUnknown(r, scope, name!, "constant");
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
