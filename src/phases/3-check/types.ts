import { diagnostic } from "../../diagnostics/index.js";
import type { TypeDocument } from "../../document/types.js";
import type { Expression, TypeExpression } from "../../syntax/tree.js";
import type { Environment } from "./environment.js";
import { evaluateScalar } from "./options.js";

const MAX_CLASSES = 100_000_000;

/** The dimensions of a type, or undefined after a diagnostic. */
export function evaluateDimensions(
  environment: Environment,
  dimensions: readonly Expression[],
): number[] | undefined {
  const sizes = dimensions.map((expression) => {
    const value = evaluateScalar(environment, expression);
    if (value === undefined) return undefined;
    if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value < 2 ** 31) return value;
    const reason = `A dimension is a whole number of at least 1, not ${String(value)}`;
    environment.expansion.diagnostics.push(diagnostic("NN2026", expression.span, { reason }));
    return undefined;
  });
  return sizes.includes(undefined) ? undefined : (sizes as number[]);
}

/** The type of an input or a label, or undefined after a diagnostic. */
export function evaluateType(
  environment: Environment,
  type: TypeExpression,
  isLabel: boolean,
): TypeDocument | undefined {
  const fail = (reason: string, hint?: string): undefined => {
    environment.expansion.diagnostics.push(diagnostic("NN2026", type.span, { reason }, { hint }));
    return undefined;
  };
  const base = type.base.name;
  if (base !== "float" && base !== "int" && base !== "binary" && base !== "category") return undefined;
  const dims = evaluateDimensions(environment, type.dimensions);
  const given = type.arguments.map((argument) => evaluateScalar(environment, argument));
  if (!dims || given.includes(undefined)) return undefined;
  if (type.optional && !isLabel) {
    return fail(
      "Only a label may be missing",
      "An input's missing cells are filled by `impute(…)` in the data section.",
    );
  }
  const optional = type.optional ? { optional: true } : {};
  if (base === "float" || base === "int") {
    return given.length > 0
      ? fail(`\`${base}\` takes no arguments; dimensions stand in brackets`)
      : { base, dims, ...optional };
  }
  const names = given.every((g) => typeof g === "string") ? (given as string[]) : undefined;
  if (names && new Set(names).size !== names.length) return fail(`Two classes of \`${base}\` have one name`);
  if (base === "binary") {
    if (given.length === 0) return { base, dims, ...optional };
    if (names?.length === 2) return { base, dims, names, ...optional };
    return fail('`binary` takes nothing, or the two names of 0 and 1: `binary("no", "yes")`');
  }
  if (names && names.length > 1) return { base, dims, classes: names.length, names, ...optional };
  const [count] = given;
  if (
    given.length === 1 &&
    typeof count === "number" &&
    Number.isInteger(count) &&
    count >= 2 &&
    count <= MAX_CLASSES
  ) {
    return { base, dims, classes: count, ...optional };
  }
  return fail(
    "`category` takes the number of classes (at least 2) or their names",
    '`category(5)` or `category("a", "b")`.',
  );
}
