import { diagnostic } from "../../diagnostics/index.js";
import { layerWritten } from "../../library/index.js";
import type { Span } from "../../source/index.js";
import type { Binding, SharedDeclaration, WeightDeclaration } from "../../syntax/ast.js";
import type { Environment } from "./environment.js";
import { unknown, type FunctionValue, type ModelValue, type TensorValue } from "./values.js";
import { evaluateFunction, evaluateValue } from "./expressions.js";
import { nameScope, type NameScope } from "./names.js";
import { evaluateComponent } from "./options.js";
import { evaluateDimensions } from "./types.js";

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
  const name = item.name.name;
  const common = { name, span: item.name.span };
  // A second declaration has been reported; expanding it would only add its echoes.
  if (environment.values.has(name))
    return { ...common, what: "binding", value: environment.values.get(name)! };
  if (item.kind === "shared") {
    const { value, applied } = sharedFunction(environment, item, names);
    environment.values.set(name, value);
    return { ...common, what: "shared name", value, applied };
  }
  const value =
    item.kind === "weight"
      ? freeWeight(environment, item, names)
      : evaluateValue(environment, item.value, bindingNames(name, names));
  environment.values.set(name, value);
  return { ...common, what: item.kind, value };
}

/** A task's `output` adds no segment of its own to the paths. */
function bindingNames(name: string, names: NameScope): NameScope {
  return name === "output" ? names : nameScope([...names.prefix, name], names.shared);
}

function sharedFunction(environment: Environment, item: SharedDeclaration, names: NameScope) {
  const body = evaluateFunction(environment, item.value);
  const name = item.name.name;
  let first: { dims: readonly number[]; at: Span } | undefined;
  const apply: FunctionValue["apply"] = (given, _, at) => {
    if (!body || given.kind === "unknown") return unknown;
    if (given.kind === "tensor") {
      if (first && !sameDims(first.dims, given.type.dims)) {
        reportShapes(environment, item, { first, given, at });
        return unknown;
      }
      first ??= { dims: given.type.dims, at };
    }
    return body.apply(given, nameScope([...names.prefix, name], true), at);
  };
  return { value: { kind: "function", apply } as const, applied: () => first !== undefined };
}

function reportShapes(
  environment: Environment,
  item: SharedDeclaration,
  { first, given, at }: { first: { dims: readonly number[]; at: Span }; given: TensorValue; at: Span },
): void {
  const show = (dims: readonly number[]) => `[${dims.join(", ")}]`;
  environment.expansion.diagnostics.push(
    diagnostic(
      "NN3005",
      at,
      { name: item.name.name, first: show(first.dims), second: show(given.type.dims) },
      {
        related: [
          { span: first.at, message: `${show(first.dims)} here` },
          { span: item.name.span, message: "shared here" },
        ],
      },
    ),
  );
}

function sameDims(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((d, i) => d === b[i]);
}

function freeWeight(environment: Environment, item: WeightDeclaration, names: NameScope): ModelValue {
  const { diagnostics, graph } = environment.expansion;
  const shape = evaluateDimensions(environment, item.type.dimensions);
  if (item.type.base.name !== "float" || item.type.arguments.length > 0 || item.type.optional) {
    diagnostics.push(diagnostic("NN2026", item.type.span, { reason: "A weight is `float[…]`" }));
    return unknown;
  }
  const initializer = item.initializer ? evaluateComponent(environment, item.initializer) : undefined;
  if (!shape || (item.initializer && !initializer)) return unknown;
  const options = { shape, ...(initializer ? { initializer } : {}) };
  const path = [...names.prefix, item.name.name].join(".");
  const place = { span: item.span, optionSpans: new Map(), path };
  return graph.add(layerWritten("weight"), [], options, names, place) ?? unknown;
}
