import type { NodeDocument } from "../../document/types.js";
import { inputValueType } from "../../model/value-types.js";
import type { ModelAnalysis } from "../../model/analysis.js";
import type { Component, LayerEntry, LowerContext, ValueType } from "../../library/entry.js";
import { entry as libraryEntry } from "../../library/index.js";
import { byTensor } from "../../library/tensors.js";
import { foldedActivation, readOptions } from "../../library/options.js";
import { ops, type Builder, type Dimension, type TensorType, type Value } from "../../tensor/index.js";
import { lookup } from "../../tensor/lookup.js";
import { names, streamOf } from "./names.js";

/** What the forward pass of a model gives. */
export interface Forward {
  readonly values: ReadonlyMap<string, Value>;
  /** What a node's last activation was applied to. */
  readonly beforeActivation: ReadonlyMap<string, Value>;
  /** Library state after the pass, where the pass changed it. */
  readonly state: ReadonlyMap<string, Value>;
}

export interface ForwardInputs {
  readonly weights: ReadonlyMap<string, Value>;
  readonly state: ReadonlyMap<string, Value>;
  /** Only in training: what random numbers depend on. */
  readonly random?: { readonly seed: Value; readonly step: Value };
  readonly batch: Dimension;
  /** Where inputs come from; arguments of the program by default. */
  readonly read?: ReadArgument;
  /** Layers that do in training what they do in prediction. */
  readonly rests?: (layer: LayerEntry) => boolean;
  /** Whether library state after the pass is that of its rows alone. */
  readonly afresh?: boolean;
}

/** Gives the tensor of an argument's name: of an episode's support or query, say. */
export type ReadArgument = (name: string, type: TensorType) => Value;

/** Lowers the nodes that the tasks' outputs depend on, in the document's order. */
export function lowerForward(b: Builder, { document, types }: ModelAnalysis, inputs: ForwardInputs): Forward {
  const values = new Map<string, Value>();
  const beforeActivation = new Map<string, Value>();
  const state = new Map(inputs.state);
  const changed = new Map<string, Value>();
  const { read = b.argument.bind(b), batch } = inputs;
  for (const { name, type } of document.inputs) {
    const { dtype, dims } = inputValueType(type);
    values.set(name, read(names.input(name), { dtype, shape: [batch, ...dims] }));
  }
  for (const node of document.nodes) {
    b.withOrigin(node.id, () =>
      lowerNode(b, node, { types, values, beforeActivation, state, changed, inputs }),
    );
  }
  return { values, beforeActivation, state: changed };
}

interface Pass {
  readonly types: ReadonlyMap<string, ValueType>;
  readonly values: Map<string, Value>;
  readonly beforeActivation: Map<string, Value>;
  readonly state: Map<string, Value>;
  readonly changed: Map<string, Value>;
  readonly inputs: ForwardInputs;
}

function lowerNode(b: Builder, node: NodeDocument, pass: Pass): void {
  const layer = libraryEntry("layer", node.layer);
  const context = lowerContext(b, node, layer, pass);
  const result = layer.lower(context);
  const folded = foldedActivation(layer, context.options);
  const [first] = node.inputs;
  pass.values.set(node.id, folded ? activate(b, folded, result) : result);
  if (folded) pass.beforeActivation.set(node.id, result);
  else if (layer.activation !== undefined && first !== undefined)
    pass.beforeActivation.set(node.id, lookup(pass.values, first));
}

function lowerContext(b: Builder, node: NodeDocument, layer: LayerEntry, pass: Pass): LowerContext {
  const { inputs } = pass;
  let draws = 0;
  return {
    b,
    options: readOptions(layer, node.options),
    inputs: byTensor(
      layer,
      node.inputs.map((ref) => lookup(pass.types, ref)),
    ),
    values: byTensor(
      layer,
      node.inputs.map((ref) => lookup(pass.values, ref)),
    ),
    output: node.type,
    training: inputs.random !== undefined && !inputs.rests?.(layer),
    batch: inputs.batch,
    afresh: inputs.afresh === true,
    weight: (name) => lookup(inputs.weights, node.weights[name]),
    state: (name) => lookup(pass.state, node.state[name]),
    setState: (name, value) => {
      pass.state.set(node.state[name]!, value);
      pass.changed.set(node.state[name]!, value);
    },
    uniform: (shape) => {
      if (!inputs.random) throw new Error(`${node.id} draws random numbers outside training`);
      return ops.uniform(b, { ...inputs.random, stream: streamOf(`${node.id}/${draws++}`) }, shape);
    },
    activate: (activation, value, body = b) => (activation ? activate(body, activation, value) : value),
  };
}

function activate(b: Builder, activation: Component, value: Value): Value {
  const entry = libraryEntry("activation", activation.name);
  return entry.lower(b, value, readOptions(entry, activation.options));
}
