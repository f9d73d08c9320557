import type { Diagnostic } from "../../diagnostics/index.js";
import type { Span } from "../../source/index.js";
import type { BlockParameter, BlockSection, Expression } from "../../syntax/tree.js";
import type { BlockTemplate, Call } from "../2-resolve/model.js";
import { ExpansionLimit, MAX_DEPTH } from "./budget.js";
import { declaredBy, proofOf, setValue, unknownValue, type Environment } from "./environment.js";
import { expandItem } from "./items.js";
import { nameScope, takeName, topScope, type NameScope } from "./names.js";
import { evaluateComponent } from "./options.js";
import {
  asConstant,
  describeValue,
  laidOpen,
  sizeOf,
  Unknown,
  type Constant,
  type ModelValue,
  listOf,
} from "./values.js";

/** One use of a block. */
interface BlockUse {
  readonly block: BlockTemplate;
  readonly call: Call;
  readonly inputs: readonly ModelValue[];
  readonly names: NameScope;
  readonly at: Span;
}

/** Each use has its own environment, its own level of names, and fresh weights. */
export function applyBlock(caller: Environment, use: BlockUse): ModelValue {
  const { block, names, at } = use;
  const { declaration } = block;
  const { expansion } = caller;
  if (caller.depth >= MAX_DEPTH)
    throw new ExpansionLimit(at, `Blocks stand more than ${MAX_DEPTH} deep in each other`);
  const environment: Environment = {
    expansion,
    parent: rootOf(caller),
    values: new Map(),
    depth: caller.depth + 1,
  };
  return expansion.budget.within(`This use of \`${declaration.name.name}\``, at, () => {
    const wrong = bindParameters(caller, environment, use);
    if (wrong) return wrong;
    const segment = takeName(names, declaration.name.name);
    const inner = nameScope(names, segment);
    const before = expansion.report.diagnostics.length;
    const value = notEmpty(caller, use, expandBody(environment, declaration, inner));
    // Who imports a block has to know which use of it went wrong.
    if (declaration.span.source !== at.source)
      expansion.report.revise(before, (found) => seenFrom(found, at));
    return value;
  });
}

/** The library's blocks make a tensor for each task: with a count of 0 there is nothing to use, or to index. */
function notEmpty({ expansion }: Environment, { block, call, at }: BlockUse, value: ModelValue): ModelValue {
  const { declaration } = block;
  if (value.kind !== "list" || value.items.length > 0) return value;
  if (!declaration.span.source.path.startsWith("std/")) return value;
  const owner = declaration.name.name;
  const none = declaration.parameters.find(
    ({ name }) => name.name === "tasks" || call.options.get(name.name)?.value.kind === "number",
  );
  const option = none?.name.name ?? "tasks";
  const span = call.options.get(option)?.value.span ?? at;
  return new Unknown(expansion.report.give("NN2006", span, { option, owner, reason: "must be at least 1" }));
}

/** The environment of constants, which is all that a block sees of what is around it. */
function rootOf(environment: Environment): Environment {
  let at = environment;
  while (at.parent) at = at.parent;
  return at;
}

function expandBody(environment: Environment, block: BlockSection, names: NameScope): ModelValue {
  const { expansion } = environment;
  for (const item of block.items) {
    if (item.kind === "return") return expansion.evaluate(environment, item.value, names);
    expandItem(environment, item, names);
  }
  // A block without a result has been reported by phase 2.
  return new Unknown(proofOf(expansion));
}

function seenFrom(found: Diagnostic, at: Span): Diagnostic {
  return { ...found, related: [...found.related, { span: at, message: "used here" }] };
}

/** Gives a block's parameters their values; what is wrong with one of them, if anything is. */
function bindParameters(caller: Environment, environment: Environment, use: BlockUse): Unknown | undefined {
  const { block, at } = use;
  const waiting = [...use.inputs];
  const { parameters } = block.declaration;
  caller.expansion.budget.turns(parameters.length, at);
  let next = 0;
  let wrong: Unknown | undefined;
  for (const parameter of parameters) {
    const type = parameter.type.base.name;
    let value: ModelValue | undefined;
    if (type === "tensor") value = waiting[next++];
    else if (type === "tensors") {
      const given = waiting.slice(next);
      caller.expansion.budget.spend(sizeOf(given), at);
      value = listOf(given.flatMap(laidOpen));
    } else value = givenValue(caller, environment, parameter, use);
    if (type === "tensors") next = waiting.length;
    if (value && type === "tensor" && value.kind !== "tensor" && value.kind !== "unknown") {
      const reason = `\`${parameter.name.name}\` takes a tensor, and this is ${value.kind === "list" ? "a list" : "none"}`;
      value = new Unknown(caller.expansion.report.give("NN2017", at, { reason }));
    }
    // A call that lacks something has been reported by phase 2.
    if (value === undefined) return new Unknown(proofOf(caller.expansion));
    // An option that is unknown hides only what depends on it.
    if (value.kind === "unknown" && (type === "tensor" || type === "layer")) wrong ??= value;
    setValue(environment, declaredBy(environment, parameter.name), value);
  }
  return wrong;
}

function givenValue(
  caller: Environment,
  environment: Environment,
  parameter: BlockParameter,
  { block, call }: BlockUse,
): ModelValue | undefined {
  const owner = block.declaration.name.name;
  const given = call.options.get(parameter.name.name);
  if (given) return evaluateParameter(caller, owner, parameter, given.value);
  return parameter.defaultValue && evaluateParameter(environment, owner, parameter, parameter.defaultValue);
}

const fits: ReadonlyMap<string, { wanted: string; test: (value: Constant) => boolean }> = new Map([
  ["int", { wanted: "a whole number", test: (value: Constant) => Number.isInteger(value) }],
  ["float", { wanted: "a number", test: (value: Constant) => typeof value === "number" }],
  ["bool", { wanted: "`true` or `false`", test: (value: Constant) => typeof value === "boolean" }],
  ["string", { wanted: "a string", test: (value: Constant) => typeof value === "string" }],
]);

function evaluateParameter(
  environment: Environment,
  owner: string,
  parameter: BlockParameter,
  given: Expression,
): ModelValue {
  const { expansion } = environment;
  const type = parameter.type.base.name;
  if (type === "layer") {
    const value = expansion.evaluate(environment, given, topScope());
    return value.kind === "function" || value.kind === "unknown" ? value : unknownValue(expansion, given);
  }
  if (type === "activation") {
    const component = evaluateComponent(environment, given);
    return component instanceof Unknown ? component : { kind: "component", component };
  }
  const value = expansion.evaluate(environment, given, topScope());
  if (value.kind === "list") expansion.budget.spend(value.size, given.span);
  const constant = asConstant(value);
  const fit = fits.get(type);
  if (value.kind === "unknown" || !fit)
    return value.kind === "unknown" ? value : unknownValue(expansion, given);
  if (constant !== undefined && !(constant instanceof Unknown) && fit.test(constant))
    return { kind: "scalar", value: constant };
  const reason = `must be ${fit.wanted}${constant === undefined ? `, not ${describeValue(value)}` : ""}`;
  const related = [{ span: parameter.span, message: "declared here" }];
  const parameters = { option: parameter.name.name, owner, reason };
  return new Unknown(expansion.report.give("NN2006", given.span, parameters, { related }));
}
