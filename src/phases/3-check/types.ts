import type { TypeDocument } from "../../document/types.js";
import type { Expression, TypeExpression } from "../../syntax/tree.js";
import { proofOf, type Environment } from "./environment.js";
import { constantOf } from "./constants.js";
import { Unknown, unknownAmong } from "./values.js";

const MAX_CLASSES = 100_000_000;

/** The dimensions of a type. */
export function evaluateDimensions(
  environment: Environment,
  dimensions: readonly Expression[],
): number[] | Unknown {
  const sizes: number[] = [];
  let wrong: Unknown | undefined;
  for (const expression of dimensions) {
    const value = constantOf(environment, expression);
    if (value instanceof Unknown) wrong ??= value;
    else if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value < 2 ** 31)
      sizes.push(value);
    else {
      const reason = `A dimension is a whole number of at least 1, not ${String(value)}`;
      wrong ??= new Unknown(environment.expansion.report.give("NN2026", expression.span, { reason }));
    }
  }
  return wrong ?? sizes;
}

/** The type of an input or a label. */
export function evaluateType(
  environment: Environment,
  type: TypeExpression,
  isLabel: boolean,
): TypeDocument | Unknown {
  const { expansion } = environment;
  const fail = (reason: string, hint?: string): Unknown =>
    new Unknown(expansion.report.give("NN2026", type.span, { reason }, { hint }));
  const base = type.base.name;
  if (base !== "float" && base !== "int" && base !== "binary" && base !== "category")
    return new Unknown(proofOf(expansion));
  const dims = evaluateDimensions(environment, type.dimensions);
  const given = type.arguments.map((argument) => constantOf(environment, argument));
  if (dims instanceof Unknown) return dims;
  const unknown = unknownAmong(given);
  if (unknown) return unknown;
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
