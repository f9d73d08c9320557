import type { Expression } from "../../syntax/tree.js";
import type { Environment } from "./environment.js";
import { topScope } from "./names.js";
import { asConstant, describeConstant, describeValue, Unknown, type Constant } from "./values.js";

/** The constant that an expression gives. */
export function constantOf(
  environment: Environment,
  expression: Expression,
  names = topScope(),
): Constant | Unknown {
  const { evaluate, report, budget } = environment.expansion;
  const value = evaluate(environment, expression, names);
  if (value.kind === "list") budget.spend(value.size, expression.span);
  const constant = asConstant(value);
  if (constant !== undefined) return constant;
  const reason = `A constant is wanted here, and this is ${describeValue(value)}`;
  return new Unknown(report.give("NN2017", expression.span, { reason }));
}

export function numberOf(
  environment: Environment,
  expression: Expression,
  names = topScope(),
): number | Unknown {
  const value = constantOf(environment, expression, names);
  return value instanceof Unknown ? value : asNumber(environment, value, expression);
}

export function asNumber(
  { expansion }: Environment,
  value: Constant,
  { span }: Expression,
): number | Unknown {
  if (typeof value === "number") return value;
  const reason = `A number is wanted here, not ${describeConstant(value)}`;
  return new Unknown(expansion.report.give("NN2017", span, { reason }));
}
