import { diagnostic, type Diagnostic } from "../../diagnostics/index.js";
import type { Span } from "../../source/index.js";
import type { BlockParameter, BlockSection, Expression } from "../../syntax/tree.js";
import type { BlockTemplate, Match } from "../2-resolve/resolved.js";
import type { Environment } from "./environment.js";
import { laidOpen, unknown, type ModelValue } from "./values.js";
import { evaluateFunction, evaluateValue } from "./expressions.js";
import { ExpansionLimit, MAX_DEPTH } from "./graph.js";
import { nameScope, takeName, type NameScope } from "./names.js";
import { expandItem } from "./items.js";
import { evaluateComponent, evaluateScalar } from "./options.js";

/** One use of a block: its own environment, its own level of names, fresh weights. */
export function applyBlock(
  caller: Environment,
  block: BlockTemplate,
  match: Match,
  inputs: readonly ModelValue[],
  names: NameScope,
  at: Span,
): ModelValue {
  if (caller.depth >= MAX_DEPTH)
    throw new ExpansionLimit(at, `Blocks stand more than ${MAX_DEPTH} deep in each other`);
  const { declaration } = block;
  const environment: Environment = {
    expansion: caller.expansion,
    parent: undefined,
    values: new Map(),
    constants: block.constants,
    depth: caller.depth + 1,
  };
  if (!bindParameters(caller, environment, declaration.parameters, match, inputs, at)) return unknown;
  const segment = takeName(names, declaration.name.name);
  const inner = nameScope([...names.prefix, segment], names.shared);
  const { diagnostics } = caller.expansion;
  const before = diagnostics.length;
  const value = expandBody(environment, declaration, inner);
  if (declaration.span.source !== at.source) {
    // Who imports a block has to know which use of it went wrong.
    for (let i = before; i < diagnostics.length; i++) diagnostics[i] = seenFrom(diagnostics[i]!, at);
  }
  return value;
}

function expandBody(environment: Environment, block: BlockSection, names: NameScope): ModelValue {
  for (const item of block.items) {
    if (item.kind === "return") return evaluateValue(environment, item.value, names);
    expandItem(environment, item, names);
  }
  return unknown;
}

function seenFrom(found: Diagnostic, at: Span): Diagnostic {
  return { ...found, related: [...found.related, { span: at, message: "used here" }] };
}

function bindParameters(
  caller: Environment,
  environment: Environment,
  parameters: readonly BlockParameter[],
  match: Match,
  inputs: readonly ModelValue[],
  at: Span,
): boolean {
  const waiting = [...inputs];
  let good = true;
  for (const parameter of parameters) {
    const type = parameter.type.base.name;
    let value: ModelValue | undefined;
    if (type === "tensor") value = waiting.shift();
    else if (type === "tensors") value = { kind: "list", items: waiting.splice(0).flatMap(laidOpen) };
    else {
      const given = match.options.get(parameter.name.name);
      if (given) value = evaluateParameter(caller, parameter, type, given.value);
      else if (parameter.defaultValue)
        value = evaluateParameter(environment, parameter, type, parameter.defaultValue);
    }
    if (!value || value.kind === "unknown") good = false;
    else environment.values.set(parameter.name.name, value);
    if (type === "tensor" && value && value.kind !== "tensor" && value.kind !== "unknown") {
      caller.expansion.diagnostics.push(
        diagnostic("NN2017", at, {
          reason: `\`${parameter.name.name}\` takes a tensor, and this is ${value.kind === "list" ? "a list" : "none"}`,
        }),
      );
      good = false;
    }
  }
  return good;
}

function evaluateParameter(
  environment: Environment,
  parameter: BlockParameter,
  type: string,
  value: Expression,
): ModelValue {
  if (type === "layer") return evaluateFunction(environment, value) ?? unknown;
  if (type === "activation") {
    const component = evaluateComponent(environment, value);
    return component ? { kind: "component", component } : unknown;
  }
  const scalar = evaluateScalar(environment, value);
  if (scalar === undefined) return unknown;
  const fits = {
    int: typeof scalar === "number" && Number.isInteger(scalar),
    float: typeof scalar === "number",
    bool: typeof scalar === "boolean",
    string: typeof scalar === "string",
  }[type];
  if (fits) return { kind: "scalar", value: scalar };
  const wanted = { int: "a whole number", float: "a number", bool: "`true` or `false`", string: "a string" }[
    type
  ];
  environment.expansion.diagnostics.push(
    diagnostic(
      "NN2006",
      value.span,
      { option: parameter.name.name, owner: "the block", reason: `must be ${wanted}` },
      {
        related: [{ span: parameter.span, message: "declared here" }],
      },
    ),
  );
  return unknown;
}
