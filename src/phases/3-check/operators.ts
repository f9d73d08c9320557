import { layerWritten } from "../../library/index.js";
import type { Span } from "../../source/index.js";
import type {
  BinaryExpression,
  BinaryOperator,
  IndexExpression,
  RangeExpression,
} from "../../syntax/tree.js";
import { asTensor } from "./apply.js";
import { arithmetic, itemAt } from "./arithmetic.js";
import { asNumber, constantOf, numberOf } from "./constants.js";
import { unknownValue, type Environment } from "./environment.js";
import type { NameScope } from "./names.js";
import {
  describeValue,
  Unknown,
  unknownAmong,
  type Constant,
  type ModelValue,
  type TensorValue,
} from "./values.js";

export function evaluateRange(
  environment: Environment,
  { from, to, span }: RangeExpression,
  names: NameScope,
): ModelValue {
  const { budget } = environment.expansion;
  const ends = [from, to].map((end) => numberOf(environment, end, names));
  const [first, last] = ends;
  if (first instanceof Unknown) return first;
  if (last instanceof Unknown) return last;
  if (!Number.isInteger(first) || !Number.isInteger(last) || first === undefined || last === undefined) {
    const reason = "A range goes from one whole number to another";
    return new Unknown(environment.expansion.report.give("NN2017", span, { reason }));
  }
  const length = Math.max(0, last - first + 1);
  return budget.within("This range", span, () => {
    budget.spend(length, span);
    return { kind: "scalar", value: Array.from({ length }, (_, i) => first + i) };
  });
}

export function evaluateBinary(
  environment: Environment,
  expression: BinaryExpression,
  names: NameScope,
): ModelValue {
  const { operator, span } = expression;
  const left = environment.expansion.evaluate(environment, expression.left, names);
  const right = environment.expansion.evaluate(environment, expression.right, names);
  const unknown = unknownAmong([left, right]);
  if (unknown) return unknown;
  if (left.kind !== "scalar" || right.kind !== "scalar")
    return applyOperator(environment, operator, { operands: [left, right], names, span });
  const numbers = [
    asNumber(environment, left.value, expression.left),
    asNumber(environment, right.value, expression.right),
  ];
  const [a, b] = numbers;
  if (typeof a !== "number" || typeof b !== "number")
    return unknownAmong(numbers) ?? unknownValue(environment.expansion, expression);
  const value = arithmetic(operator, a, b);
  if (Number.isFinite(value)) return { kind: "scalar", value };
  const reason = `${a} ${operator} ${b} has no finite value`;
  return new Unknown(environment.expansion.report.give("NN2017", span, { reason }));
}

export function negate(
  environment: Environment,
  operand: ModelValue,
  names: NameScope,
  span: Span,
): ModelValue {
  if (operand.kind === "unknown") return operand;
  if (operand.kind === "scalar" && typeof operand.value === "number")
    return { kind: "scalar", value: -operand.value };
  return applyOperator(environment, "*", { operands: [operand, { kind: "scalar", value: -1 }], names, span });
}

interface Operation {
  readonly operands: readonly ModelValue[];
  readonly names: NameScope;
  readonly span: Span;
}

function applyOperator(
  environment: Environment,
  operator: BinaryOperator,
  { operands, names, span }: Operation,
): ModelValue {
  const inputs: TensorValue[] = [];
  for (const operand of operands) {
    const tensor = asTensor(environment, operand, names, span);
    if (tensor.kind === "unknown") return tensor;
    inputs.push(tensor);
  }
  const layer = layerWritten(operator);
  return environment.expansion.graph.add({ entry: layer, inputs, options: {}, names, span });
}

export function evaluateIndex(
  environment: Environment,
  expression: IndexExpression,
  names: NameScope,
): ModelValue {
  const { report } = environment.expansion;
  const target = environment.expansion.evaluate(environment, expression.target, names);
  const indices = expression.indices.map((index) => constantOf(environment, index, names));
  const unknown = unknownAmong([target, ...indices]);
  if (unknown) return unknown;
  const length = lengthOf(target);
  const [index, ...more] = indices;
  if (length === undefined || more.length > 0 || index === undefined || index instanceof Unknown) {
    const reason =
      more.length > 0
        ? "Only a list has items, one index each"
        : `Only lists have items, and this is ${describeValue(target)}`;
    return new Unknown(report.give("NN2017", expression.span, { reason }));
  }
  const item = itemOf(target, index);
  if (item === undefined) {
    const hint = length === 0 ? "A list is empty where the count that it is made with is 0." : undefined;
    return new Unknown(report.give("NN2018", expression.span, { index: String(index), length }, { hint }));
  }
  return item;
}

/** How many items a list has, be it of tensors or of numbers; nothing of what is no list. */
function lengthOf(target: ModelValue): number | undefined {
  if (target.kind === "list") return target.items.length;
  return target.kind === "scalar" && Array.isArray(target.value) ? target.value.length : undefined;
}

function itemOf(target: ModelValue, index: Constant): ModelValue | undefined {
  if (target.kind === "list") return itemAt(target.items, index);
  if (target.kind !== "scalar" || !Array.isArray(target.value)) return undefined;
  const values: readonly Constant[] = target.value;
  const value = itemAt(values, index);
  return value === undefined ? undefined : { kind: "scalar", value };
}
