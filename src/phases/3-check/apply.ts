import type { LayerEntry } from "../../library/entry.js";
import { entry as libraryEntry, layerWritten } from "../../library/index.js";
import type { Span } from "../../source/index.js";
import type { Expression } from "../../syntax/tree.js";
import type { Call } from "../2-resolve/model.js";
import { applyBlock } from "./blocks.js";
import { unknownValue, valueOf, type Environment } from "./environment.js";
import type { NameScope } from "./names.js";
import { evaluateOptions } from "./options.js";
import {
  describeValue,
  laidOpen,
  sizeOf,
  Unknown,
  unknownAmong,
  type ModelValue,
  type TensorValue,
} from "./values.js";

/** A call at one place, with what comes in by pipe. */
export interface Application {
  readonly expression: Expression;
  readonly piped: readonly ModelValue[];
  readonly names: NameScope;
}

/** Applies what a call means to what comes in by pipe and what was given with it. */
export function applyCall(environment: Environment, call: Call, application: Application): ModelValue {
  const { expansion } = environment;
  const { expression, piped, names } = application;
  expansion.budget.spend(1, expression.span);
  const inputs = call.tensors.length === 0 ? piped : [...piped, ...tensorsOf(environment, call, names)];
  const { target } = call;
  switch (target.kind) {
    case "function": {
      const value = valueOf(environment, target.definition);
      const [input] = inputs;
      if (value?.kind === "function" && input) return value.apply(input, names, expression.span);
      return value?.kind === "unknown" ? value : unknownValue(expansion, expression);
    }
    case "block":
      return applyBlock(environment, { block: target.block, call, inputs, names, at: expression.span });
    case "entry":
      if (target.entry.kind === "layer")
        return applyLayer(environment, libraryEntry("layer", target.entry.name), {
          call,
          inputs,
          application,
        });
      return unknownValue(expansion, expression);
    default:
      return unknownValue(expansion, expression);
  }
}

function tensorsOf(environment: Environment, { tensors }: Call, names: NameScope): ModelValue[] {
  return tensors.map((tensor) => environment.expansion.evaluate(environment, tensor, names));
}

interface LayerUse {
  readonly call: Call;
  readonly inputs: readonly ModelValue[];
  readonly application: Application;
}

function applyLayer(
  environment: Environment,
  layer: LayerEntry,
  { call, inputs, application }: LayerUse,
): ModelValue {
  const { expansion } = environment;
  const { expression, names } = application;
  const { span } = expression;
  const given = call.options;
  const { name: owner, parameters } = layer;
  const options = evaluateOptions(environment, { owner, parameters, given, filled: true });
  const tensors = layerInputs(environment, layer, inputs, application);
  if (tensors instanceof Unknown) return tensors;
  // A call that still waits for a tensor has been reported by phase 2.
  if (tensors.length < leastTensors(layer)) return unknownValue(expansion, expression);
  const { values, broken } = options;
  return expansion.graph.add({ entry: layer, inputs: tensors, options: values, names, span, given, broken });
}

function leastTensors({ parameters }: LayerEntry): number {
  let least = 0;
  for (const p of parameters) if (p.kind === "tensors" || (p.kind === "tensor" && !p.optional)) least++;
  return least;
}

/** The tensors that a layer is applied to, lists laid open where it takes several. */
function layerInputs(
  environment: Environment,
  layer: LayerEntry,
  inputs: readonly ModelValue[],
  { names, expression: { span } }: Application,
): readonly TensorValue[] | Unknown {
  const { report, budget } = environment.expansion;
  const many = layer.parameters[0]?.kind === "tensors";
  budget.spend(many ? sizeOf(inputs) : inputs.length, span);
  const values = many ? inputs.flatMap(laidOpen) : inputs;
  if (many && values.length === 0)
    return new Unknown(report.give("NN2017", span, { reason: `\`${layer.name}\` got an empty list` }));
  const unknown = unknownAmong(values);
  if (unknown) return unknown;
  if (areTensors(values)) return values;
  const tensors: TensorValue[] = [];
  for (const value of values) {
    const tensor = asTensor(environment, value, names, span);
    if (tensor.kind === "unknown") return tensor;
    tensors.push(tensor);
  }
  return tensors;
}

function areTensors(values: readonly ModelValue[]): values is readonly TensorValue[] {
  return values.every(({ kind }) => kind === "tensor");
}

/** A tensor as it is, a number as a constant; anything else is reported. */
export function asTensor(
  { expansion }: Environment,
  value: ModelValue,
  names: NameScope,
  span: Span,
): TensorValue | Unknown {
  if (value.kind === "tensor" || value.kind === "unknown") return value;
  if (value.kind === "scalar" && typeof value.value === "number") {
    const constant = layerWritten("number");
    return expansion.graph.add({ entry: constant, inputs: [], options: { value: value.value }, names, span });
  }
  const what = value.kind === "scalar" ? "no number" : describeValue(value);
  const hint =
    value.kind === "list"
      ? "Pick an item, `name[0]`, or put them together with `concat`, `add`, `mean` or `stack`."
      : undefined;
  const reason = `A tensor is wanted here, and this is ${what}`;
  return new Unknown(expansion.report.give("NN2017", span, { reason }, { hint }));
}
