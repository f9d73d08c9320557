import { layerWritten } from "../../library/index.js";
import type { Span } from "../../source/index.js";
import type { Binding, SharedDeclaration, WeightDeclaration } from "../../syntax/tree.js";
import { declaredBy, proofOf, setValue, unknownValue, type Environment } from "./environment.js";
import { nameScope, pathIn, sharedScope, type NameScope } from "./names.js";
import { evaluateComponent } from "./options.js";
import { evaluateDimensions } from "./types.js";
import { Unknown, type FunctionValue, type ModelValue, type TensorValue } from "./values.js";

/** A declaration of the model, with what it refers to, for the rule on what no loss reaches. */
export interface Traced {
  readonly what: "input" | "binding" | "shared name" | "weight";
  readonly name: string;
  readonly span: Span;
  readonly value: ModelValue;
  /** For a shared name: whether anything applies it. */
  readonly applied?: () => boolean;
}

/** Expands a binding, a shared name or a weight, and makes it visible. */
export function expandItem(
  environment: Environment,
  item: Binding | SharedDeclaration | WeightDeclaration,
  names: NameScope,
): Traced {
  const { name, span } = item.name;
  const definition = declaredBy(environment, item.name);
  // A second declaration has been reported; expanding it would only add its echoes.
  if (environment.expansion.semantics.isRefused(definition))
    return { what: "binding", name, span, value: new Unknown(proofOf(environment.expansion)) };
  if (item.kind === "shared") {
    const { value, applied } = sharedFunction(environment, item, names);
    setValue(environment, definition, value);
    return { what: "shared name", name, span, value, applied };
  }
  const value =
    item.kind === "weight" ? freeWeight(environment, item, names) : bindingValue(environment, item, names);
  setValue(environment, definition, value);
  return { what: item.kind, name, span, value };
}

function bindingValue(environment: Environment, { name, value }: Binding, names: NameScope): ModelValue {
  const { expansion } = environment;
  const definition = declaredBy(environment, name);
  if (definition.reported) return new Unknown(definition.reported);
  // A task's `output` adds no segment of its own to the paths.
  const own = name.name === "output" ? names : nameScope(names, name.name);
  return expansion.evaluate(environment, value, own);
}

function sharedFunction(environment: Environment, item: SharedDeclaration, names: NameScope) {
  const { expansion } = environment;
  const definition = declaredBy(environment, item.name);
  const body = definition.reported
    ? new Unknown(definition.reported)
    : expansion.evaluate(environment, item.value, names);
  const name = item.name.name;
  let first: { dims: readonly number[]; at: Span } | undefined;
  let used = false;
  const apply: FunctionValue["apply"] = (given, _, at) => {
    used = true;
    if (given.kind === "unknown" || body.kind === "unknown") return body.kind === "unknown" ? body : given;
    if (body.kind !== "function") return unknownValue(expansion, item.value);
    if (given.kind === "tensor") {
      if (first && !sameDims(first.dims, given.type.dims))
        return reportShapes(environment, item, { first, given, at });
      first ??= { dims: given.type.dims, at };
    }
    return body.apply(given, sharedScope(names, name), at);
  };
  return { value: { kind: "function", apply } as const, applied: () => used };
}

function reportShapes(
  { expansion }: Environment,
  item: SharedDeclaration,
  { first, given, at }: { first: { dims: readonly number[]; at: Span }; given: TensorValue; at: Span },
): Unknown {
  const show = (dims: readonly number[]) => `[${dims.join(", ")}]`;
  const parameters = { name: item.name.name, first: show(first.dims), second: show(given.type.dims) };
  const related = [
    { span: first.at, message: `${show(first.dims)} here` },
    { span: item.name.span, message: "shared here" },
  ];
  return new Unknown(expansion.report.give("NN3005", at, parameters, { related }));
}

function sameDims(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((d, i) => d === b[i]);
}

function freeWeight(environment: Environment, item: WeightDeclaration, names: NameScope): ModelValue {
  const { graph, report } = environment.expansion;
  const shape = evaluateDimensions(environment, item.type.dimensions);
  if (item.type.base.name !== "float" || item.type.arguments.length > 0 || item.type.optional)
    return new Unknown(report.give("NN2026", item.type.span, { reason: "A weight is `float[…]`" }));
  const initializer = item.initializer ? evaluateComponent(environment, item.initializer) : undefined;
  if (shape instanceof Unknown) return shape;
  const broken = initializer instanceof Unknown ? new Map([["initializer", initializer]]) : undefined;
  const options = { shape, ...(initializer && !(initializer instanceof Unknown) ? { initializer } : {}) };
  const path = pathIn(names, item.name.name);
  const entry = layerWritten("weight");
  return graph.add({
    entry,
    inputs: [],
    options,
    names,
    span: item.span,
    path,
    ...(broken ? { broken } : {}),
  });
}
