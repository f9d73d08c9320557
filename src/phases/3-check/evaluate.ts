import type { Span } from "../../source/index.js";
import type {
  CallExpression,
  ComprehensionExpression,
  Expression,
  ListExpression,
  ObjectExpression,
  PathExpression,
  RepeatExpression,
} from "../../syntax/tree.js";
import { PROPERTIES_HINT } from "../2-resolve/misfits.js";
import type { Call } from "../2-resolve/model.js";
import { applyCall } from "./apply.js";
import { constantOf } from "./constants.js";
import {
  childEnvironment,
  declaredBy,
  setValue,
  unknownValue,
  valueOf,
  type Environment,
} from "./environment.js";
import { nameScope, type NameScope } from "./names.js";
import { evaluateBinary, evaluateIndex, evaluateRange, negate } from "./operators.js";
import { evaluateComponent } from "./options.js";
import {
  describeConstant,
  describeValue,
  Unknown,
  type Constant,
  type FunctionValue,
  type ModelValue,
  leavesOf,
  listOf,
} from "./values.js";

/** Expands an expression: layers become nodes of the graph, constants are computed, functions wait to be applied. */
export function evaluate(environment: Environment, expression: Expression, names: NameScope): ModelValue {
  const told = environment.expansion.semantics.toldOf(expression);
  if (told) return new Unknown(told);
  switch (expression.kind) {
    case "number":
    case "string":
    case "boolean":
      return { kind: "scalar", value: expression.value };
    case "path":
    case "call":
      return evaluateName(environment, expression, names);
    case "pipe":
      return evaluatePipe(environment, expression.stages, names);
    case "parenthesized":
      return evaluate(environment, expression.inner, names);
    case "as":
      return evaluateNamed(environment, expression, names);
    case "unary":
      return negate(environment, evaluate(environment, expression.operand, names), names, expression.span);
    case "binary":
      return evaluateBinary(environment, expression, names);
    case "range":
      return evaluateRange(environment, expression, names);
    case "list":
      return evaluateList(environment, expression, names);
    case "comprehension":
      return evaluateComprehension(environment, expression, names);
    case "index":
      return evaluateIndex(environment, expression, names);
    case "object":
      return evaluateObject(environment, expression, names);
    case "repeat":
      return evaluateRepeat(environment, expression, names);
    default:
      return unknownValue(environment.expansion, expression);
  }
}

function evaluateList(
  environment: Environment,
  { items, span }: ListExpression,
  names: NameScope,
): ModelValue {
  environment.expansion.budget.spend(items.length, span);
  const values = items.map((item) => evaluate(environment, item, names));
  return boundedList(environment, values, span);
}

function evaluateObject(
  environment: Environment,
  { entries }: ObjectExpression,
  names: NameScope,
): ModelValue {
  const values = entries.map(({ key, value }) => [key.name, evaluate(environment, value, names)] as const);
  return { kind: "object", entries: new Map(values) };
}

function evaluateName(
  environment: Environment,
  expression: PathExpression | CallExpression,
  names: NameScope,
): ModelValue {
  const { semantics } = environment.expansion;
  const call = semantics.callOf(expression);
  if (!call)
    return expression.kind === "path"
      ? evaluatePath(environment, expression)
      : unknownValue(environment.expansion, expression);
  if (isComponent(call)) {
    const component = evaluateComponent(environment, expression);
    return component instanceof Unknown ? component : { kind: "component", component };
  }
  return call.awaiting
    ? functionOf(environment, call, expression)
    : applyCall(environment, call, { expression, piped: [], names });
}

/** A call that waits for what comes in by pipe. */
function functionOf(environment: Environment, call: Call, expression: Expression): FunctionValue {
  return {
    kind: "function",
    apply: (value, names) => applyCall(environment, call, { expression, piped: [value], names }),
  };
}

function isComponent({ target }: Call): boolean {
  return target.kind === "entry" && target.entry.kind !== "layer";
}

/** A name, `TASK.output`, a property of a value, or a word. */
function evaluatePath(environment: Environment, path: PathExpression): ModelValue {
  const { expansion } = environment;
  const [name, ...rest] = path.segments;
  const definition = name && expansion.semantics.definitionOf(name);
  if (!definition) return unknownValue(expansion, path);
  if (definition.role === "a word") return { kind: "scalar", value: definition.name };
  if (definition.reported) return new Unknown(definition.reported);
  const [member] = rest;
  if (definition.role === "a task") {
    const output = member && expansion.semantics.definitionOf(member);
    return (output && valueOf(environment, output)) ?? unknownValue(expansion, path);
  }
  let value = valueOf(environment, definition) ?? unknownValue(expansion, path);
  let owner = definition.name;
  for (const { name: property } of rest) {
    if (value.kind === "unknown") return value;
    const found = propertyOf(value, property);
    if (!found) {
      const reason = `\`${owner}\` is ${describeValue(value)}, which has no \`${property}\``;
      return new Unknown(expansion.report.give("NN2017", path.span, { reason }, { hint: PROPERTIES_HINT }));
    }
    value = found;
    owner = `${owner}.${property}`;
  }
  return value;
}

function propertyOf(value: ModelValue, property: string): ModelValue | undefined {
  if (property === "shape")
    return value.kind === "tensor" ? { kind: "scalar", value: value.type.dims } : undefined;
  if (property !== "length") return undefined;
  if (value.kind === "list") return { kind: "scalar", value: value.items.length };
  return value.kind === "scalar" && Array.isArray(value.value)
    ? { kind: "scalar", value: value.value.length }
    : undefined;
}

function evaluatePipe(environment: Environment, stages: readonly Expression[], names: NameScope): ModelValue {
  const [first] = stages;
  if (!first) throw new Error("a pipe without stages");
  const start = evaluate(environment, first, names);
  if (start.kind === "function")
    return chained([start, ...stages.slice(1).map((stage) => asFunction(environment, stage, names))]);
  let value: ModelValue = start;
  for (let i = 1; i < stages.length; i++) value = applyStage(environment, stages[i]!, value, names);
  return value;
}

/** A pipe of functions alone is a function. */
function chained(functions: readonly (FunctionValue | Unknown)[]): FunctionValue {
  return {
    kind: "function",
    apply: (value, inner, at) =>
      functions.reduce<ModelValue>((v, f) => (f.kind === "function" ? f.apply(v, inner, at) : f), value),
  };
}

/** Applies a stage of a pipe. Most are calls, of which no function has to be made first. */
function applyStage(
  environment: Environment,
  stage: Expression,
  value: ModelValue,
  names: NameScope,
): ModelValue {
  const { semantics } = environment.expansion;
  const call = stage.kind === "call" || stage.kind === "path" ? semantics.callOf(stage) : undefined;
  if (call?.awaiting && !isComponent(call) && !semantics.toldOf(stage))
    return applyCall(environment, call, { expression: stage, piped: [value], names });
  const next = asFunction(environment, stage, names);
  return next.kind === "function" ? next.apply(value, names, stage.span) : next;
}

function asFunction(
  environment: Environment,
  expression: Expression,
  names: NameScope,
): FunctionValue | Unknown {
  const value = evaluate(environment, expression, names);
  return value.kind === "function" || value.kind === "unknown"
    ? value
    : unknownValue(environment.expansion, expression);
}

/** `as NAME` names one layer or block; a longer chain gets a level of its own. */
function evaluateNamed(
  environment: Environment,
  { target, name }: Expression & { kind: "as" },
  names: NameScope,
): ModelValue {
  const named = (around: NameScope): NameScope =>
    target.kind === "call" || target.kind === "path"
      ? { ...around, pinned: name.name }
      : nameScope(around, name.name + around.suffix);
  const value = evaluate(environment, target, named(names));
  if (value.kind !== "function") return value;
  return { kind: "function", apply: (given, inner, at) => value.apply(given, named(inner), at) };
}

function evaluateRepeat(
  environment: Environment,
  expression: RepeatExpression,
  names: NameScope,
): ModelValue {
  const { expansion } = environment;
  const count = constantOf(environment, expression.count, names);
  const body = asFunction(environment, expression.body, names);
  if (count instanceof Unknown) return count;
  if (body.kind === "unknown") return body;
  if (typeof count !== "number" || !Number.isInteger(count) || count < 0) {
    const reason = "`repeat` counts with a whole number of at least 0";
    return new Unknown(expansion.report.give("NN2017", expression.count.span, { reason }));
  }
  const { budget } = expansion;
  const apply: FunctionValue["apply"] = (value, inner, at) =>
    budget.within("This `repeat`", expression.span, () => {
      budget.spend(count, at);
      let result = value;
      for (let i = 1; i <= count; i++) result = body.apply(result, copyOf(inner, i), at);
      return result;
    });
  return { kind: "function", apply };
}

function evaluateComprehension(
  environment: Environment,
  expression: ComprehensionExpression,
  names: NameScope,
): ModelValue {
  const { budget } = environment.expansion;
  const range = constantOf(environment, expression.range, names);
  if (range instanceof Unknown) return range;
  if (!Array.isArray(range)) {
    const reason = `\`for\` goes over a range or a list of constants, and this is ${describeConstant(range)}`;
    return new Unknown(environment.expansion.report.give("NN2017", expression.range.span, { reason }));
  }
  const variable = declaredBy(environment, expression.variable);
  return budget.within("This `for`", expression.span, () => {
    budget.turns(1 + range.length, expression.span);
    const items = range.map((value: Constant, i) => {
      const inner = childEnvironment(environment);
      setValue(inner, variable, { kind: "scalar", value });
      return evaluate(inner, expression.body, copyOf(names, i + 1));
    });
    return boundedList(environment, items, expression.span);
  });
}

/** Lists within lists come by way of names as well, so that the parser's own bound does not hold for them. */
const DEEPEST_LIST = 100;

class TooDeep extends Unknown {}

function boundedList(environment: Environment, items: readonly ModelValue[], span: Span): ModelValue {
  // What holds such a list is deeper still, which was told.
  const deeper = items.find((item) => item instanceof TooDeep);
  if (deeper) return deeper;
  for (const item of items)
    if (item.kind === "scalar" && Array.isArray(item.value))
      environment.expansion.budget.spend(leavesOf(item.value), span);
  const list = listOf(items);
  if (list.depth <= DEEPEST_LIST) return list;
  const reason = `Lists lie in each other more than ${DEEPEST_LIST} deep`;
  return new TooDeep(environment.expansion.report.give("NN2017", span, { reason }));
}

/** Names inside the n-th copy that a `repeat` or a comprehension makes. */
function copyOf(names: NameScope, n: number): NameScope {
  return { ...names, suffix: `${names.suffix}_${n}` };
}
