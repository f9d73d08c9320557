import type { TypeDocument } from "../../document/types.js";
import { sizeProblem } from "../../model/infer.js";
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
      const reason = `A dimension is a whole number of at least 1, not ${typeof value === "object" ? "a list" : String(value)}`;
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
  const made = typeOf(base, dims, given);
  if ("reason" in made) return fail(made.reason, made.hint);
  const large = sizeProblem(made);
  if (large) return new Unknown(expansion.report.give(large.problem, type.span, { message: large.message }));
  return { ...made, ...(type.optional ? { optional: true } : {}) };
}

interface Refusal {
  readonly reason: string;
  readonly hint?: string;
}

/** A type of these arguments, or why there is none. */
function typeOf(
  base: TypeDocument["base"],
  dims: number[],
  given: readonly unknown[],
): TypeDocument | Refusal {
  if (base === "float" || base === "int")
    return given.length > 0
      ? { reason: `\`${base}\` takes no arguments; dimensions stand in brackets` }
      : { base, dims };
  const names = given.flatMap((g) => (typeof g === "string" ? [g] : []));
  const named = names.length === given.length;
  if (named && new Set(names).size !== names.length)
    return { reason: `Two classes of \`${base}\` have one name` };
  if (base === "binary") {
    if (given.length === 0) return { base, dims };
    if (named && names.length === 2) return { base, dims, names };
    return { reason: '`binary` takes nothing, or the two names of 0 and 1: `binary("no", "yes")`' };
  }
  if (named && names.length > 1) return { base, dims, classes: names.length, names };
  const [count] = given;
  if (given.length === 1 && typeof count === "number" && isClassCount(count))
    return { base, dims, classes: count };
  return {
    reason: "`category` takes the number of classes (at least 2) or their names",
    hint: '`category(5)` or `category("a", "b")`.',
  };
}

function isClassCount(count: number): boolean {
  return Number.isInteger(count) && count >= 2 && count <= MAX_CLASSES;
}
