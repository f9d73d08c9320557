import { diagnostic } from "../../diagnostics/index.js";
import type { LayerEntry } from "../../library/entry.js";
import { layerWritten } from "../../library/index.js";
import type { Span } from "../../source/index.js";
import type { BinaryExpression, Expression } from "../../syntax/ast.js";
import { itemAt } from "../2-resolve/constants.js";
import type { Constant, Match } from "../2-resolve/resolved.js";
import { childEnvironment, findValue, type Environment } from "./environment.js";
import { laidOpen, unknown, type FunctionValue, type ModelValue, type TensorValue } from "./values.js";
import { nameScope, type NameScope } from "./names.js";
import { evaluateOptions, evaluateScalar } from "./options.js";

/** Expands an expression of the model into nodes of the graph. */
export function evaluateValue(
  environment: Environment,
  expression: Expression,
  names: NameScope,
): ModelValue {
  switch (expression.kind) {
    case "path": {
      const found = findValue(environment, expression.segments.map((s) => s.name).join("."));
      return found ?? asScalar(evaluateScalar(environment, expression));
    }
    case "call": {
      const match = environment.expansion.matches.get(expression);
      return match ? applyMatch(environment, match, expression, [], names) : unknown;
    }
    case "pipe": {
      const [first, ...stages] = expression.stages;
      let value = evaluateValue(environment, first!, names);
      for (const stage of stages) {
        const next = evaluateFunction(environment, stage);
        value = next ? next.apply(value, names, stage.span) : unknown;
      }
      return value;
    }
    case "parenthesized":
      return evaluateValue(environment, expression.inner, names);
    case "as":
      return evaluateValue(
        environment,
        expression.target,
        namedAs(names, expression.target, expression.name.name),
      );
    case "unary": {
      const operand = evaluateValue(environment, expression.operand, names);
      return arithmetic(
        environment,
        layerWritten("*"),
        [operand, { kind: "scalar", value: -1 }],
        names,
        expression.span,
      );
    }
    case "binary":
      return evaluateBinary(environment, expression, names);
    case "list":
      return { kind: "list", items: expression.items.map((item) => evaluateValue(environment, item, names)) };
    case "comprehension": {
      const range = evaluateScalar(environment, expression.range);
      if (!Array.isArray(range)) return unknown;
      const items = range.map((value, i) => {
        const inner = childEnvironment(environment);
        inner.values.set(expression.variable.name, { kind: "scalar", value });
        return evaluateValue(inner, expression.body, copyOf(names, i + 1));
      });
      return { kind: "list", items };
    }
    case "index":
      return evaluateIndex(environment, expression, names);
    case "number":
      return { kind: "scalar", value: expression.value };
    default:
      return unknown;
  }
}

/** The function that an expression gives; undefined where a diagnostic has been given. */
export function evaluateFunction(
  environment: Environment,
  expression: Expression,
): FunctionValue | undefined {
  switch (expression.kind) {
    case "path":
    case "call": {
      const match = environment.expansion.matches.get(expression);
      if (!match) return undefined;
      return {
        kind: "function",
        apply: (value, names) => applyMatch(environment, match, expression, [value], names),
      };
    }
    case "parenthesized":
      return evaluateFunction(environment, expression.inner);
    case "as": {
      const inner = evaluateFunction(environment, expression.target);
      const { target, name } = expression;
      return (
        inner && {
          kind: "function",
          apply: (value, names, at) => inner.apply(value, namedAs(names, target, name.name), at),
        }
      );
    }
    case "pipe": {
      const stages = expression.stages.map((stage) => evaluateFunction(environment, stage));
      return {
        kind: "function",
        apply: (value, names, at) =>
          stages.reduce((v, stage) => (stage ? stage.apply(v, names, at) : unknown), value),
      };
    }
    case "repeat": {
      const count = evaluateCount(environment, expression.count);
      const body = evaluateFunction(environment, expression.body);
      if (count === undefined || !body) return undefined;
      const apply: FunctionValue["apply"] = (value, names, at) => {
        let result = value;
        for (let i = 1; i <= count; i++) {
          environment.expansion.graph.spend(at);
          result = body.apply(result, copyOf(names, i), at);
        }
        return result;
      };
      return { kind: "function", apply };
    }
    default:
      return undefined;
  }
}

function evaluateCount(environment: Environment, expression: Expression): number | undefined {
  const count = evaluateScalar(environment, expression);
  if (count === undefined) return undefined;
  if (typeof count === "number" && Number.isInteger(count) && count >= 0) return count;
  environment.expansion.diagnostics.push(
    diagnostic("NN2017", expression.span, { reason: "`repeat` counts with a whole number of at least 0" }),
  );
  return undefined;
}

/** Names inside the n-th copy that a `repeat` or a comprehension makes. */
function copyOf(names: NameScope, n: number): NameScope {
  return { ...names, suffix: `${names.suffix}_${n}` };
}

/** `as NAME` names one layer or block; a longer chain gets a level of its own. */
function namedAs(names: NameScope, target: Expression, name: string): NameScope {
  if (target.kind === "call" || target.kind === "path") return { ...names, pinned: name };
  return nameScope([...names.prefix, name + names.suffix], names.shared);
}

function evaluateBinary(
  environment: Environment,
  expression: BinaryExpression,
  names: NameScope,
): ModelValue {
  const left = evaluateValue(environment, expression.left, names);
  const right = evaluateValue(environment, expression.right, names);
  if (left.kind === "scalar" && right.kind === "scalar") {
    return asScalar(evaluateScalar(environment, expression));
  }
  return arithmetic(environment, layerWritten(expression.operator), [left, right], names, expression.span);
}

function arithmetic(
  environment: Environment,
  layer: LayerEntry,
  operands: readonly ModelValue[],
  names: NameScope,
  span: Span,
): ModelValue {
  const inputs: TensorValue[] = [];
  for (const operand of operands) {
    const tensor = asTensor(environment, operand, names, span);
    if (!tensor) return unknown;
    inputs.push(tensor);
  }
  return (
    environment.expansion.graph.add(layer, inputs, {}, names, {
      span,
      optionSpans: new Map(),
    }) ?? unknown
  );
}

function asScalar(value: Constant | undefined): ModelValue {
  return value === undefined ? unknown : { kind: "scalar", value };
}

/** A tensor as it is, a number as a constant; anything else is reported. */
function asTensor(
  environment: Environment,
  value: ModelValue,
  names: NameScope,
  span: Span,
): TensorValue | undefined {
  if (value.kind === "tensor") return value;
  if (value.kind === "unknown") return undefined;
  if (value.kind === "scalar" && typeof value.value === "number") {
    const place = { span, optionSpans: new Map() };
    return environment.expansion.graph.add(layerWritten("number"), [], { value: value.value }, names, place);
  }
  const what = { list: "a list", function: "a function", component: "an activation", scalar: "no number" }[
    value.kind
  ];
  environment.expansion.diagnostics.push(
    diagnostic(
      "NN2017",
      span,
      { reason: `A tensor is wanted here, and this is ${what}` },
      {
        hint:
          value.kind === "list"
            ? "Pick an item, `name[0]`, or put them together with `concat`, `add`, `mean` or `stack`."
            : undefined,
      },
    ),
  );
  return undefined;
}

function evaluateIndex(
  environment: Environment,
  expression: Expression & { kind: "index" },
  names: NameScope,
): ModelValue {
  const target = evaluateValue(environment, expression.target, names);
  if (target.kind === "unknown") return unknown;
  if (target.kind === "scalar") return asScalar(evaluateScalar(environment, expression));
  const index = evaluateScalar(environment, expression.indices[0]!);
  const { diagnostics } = environment.expansion;
  if (target.kind !== "list" || expression.indices.length !== 1) {
    diagnostics.push(
      diagnostic("NN2017", expression.span, { reason: "Only a list has items, one index each" }),
    );
    return unknown;
  }
  if (index === undefined) return unknown;
  const item = typeof index === "number" ? itemAt(target.items, index) : undefined;
  if (item) return item;
  diagnostics.push(
    diagnostic("NN2018", expression.span, { index: String(index), length: target.items.length }),
  );
  return unknown;
}

/** Applies what a call means to what comes in by pipe and what was given with it. */
function applyMatch(
  environment: Environment,
  match: Match,
  expression: Expression,
  piped: readonly ModelValue[],
  names: NameScope,
): ModelValue {
  const { expansion } = environment;
  expansion.graph.spend(expression.span);
  const given = match.tensors.map((t) => evaluateValue(environment, t, names));
  const inputs = [...piped, ...given];
  if (match.target.kind === "function") {
    const target = findValue(environment, match.target.name);
    return target?.kind === "function" && inputs[0]
      ? target.apply(inputs[0], names, expression.span)
      : unknown;
  }
  if (match.target.kind === "block") {
    return expansion.applyBlock(environment, match.target.block, match, inputs, names, expression.span);
  }
  const layer = match.target.entry as LayerEntry;
  const options = evaluateOptions(environment, layer.name, layer.parameters, match.options);
  const tensors = layerInputs(environment, layer, inputs, names, expression.span);
  // A call that still waits for a tensor has been reported by phase 2.
  const least = layer.parameters.filter(
    (p) => p.kind === "tensors" || (p.kind === "tensor" && !p.optional),
  ).length;
  if (!tensors || tensors.length < least || !options.good) return unknown;
  const place = { span: expression.span, optionSpans: options.spans };
  return expansion.graph.add(layer, tensors, options.values, names, place) ?? unknown;
}

/** The tensors that a layer is applied to, lists laid open where it takes several. */
function layerInputs(
  environment: Environment,
  layer: LayerEntry,
  inputs: readonly ModelValue[],
  names: NameScope,
  span: Span,
): TensorValue[] | undefined {
  const many = layer.parameters[0]?.kind === "tensors";
  const values = many ? inputs.flatMap(laidOpen) : inputs;
  if (many && values.length === 0) {
    environment.expansion.diagnostics.push(
      diagnostic("NN2017", span, { reason: `\`${layer.name}\` got an empty list` }),
    );
    return undefined;
  }
  const tensors = values.map((value) => asTensor(environment, value, names, span));
  return tensors.includes(undefined) ? undefined : (tensors as TensorValue[]);
}
