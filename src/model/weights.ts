import type { ModelDocument, NodeDocument } from "../document/types.js";
import type { Component, ValueType } from "../library/entry.js";
import { entry as libraryEntry } from "../library/index.js";
import { own } from "../runtime/own.js";
import { isProblem } from "../library/layers/shapes.js";
import { inferNode, type Inference } from "./infer.js";

export interface WeightInfo {
  readonly path: string;
  readonly shape: readonly number[];
  readonly initializer: Component;
  /** The shape that the initializer draws. */
  readonly drawnAs: readonly number[];
  readonly regularizer: Component | null;
  /** The first node that uses it. */
  readonly node: string;
}

export interface StateInfo {
  readonly path: string;
  readonly shape: readonly number[];
  readonly initial: number;
}

/** Every weight and every library state of a model, in the order of first use. */
export interface ModelWeights {
  readonly weights: readonly WeightInfo[];
  readonly state: readonly StateInfo[];
}

/** Collects the weights and states of nodes, given in the order of the document. */
export class WeightCollector {
  readonly #weights = new Map<string, WeightInfo>();
  readonly #state = new Map<string, StateInfo>();

  add({ id, weights, state }: NodeDocument, inference: Inference): void {
    for (const spec of inference.weights) {
      const path = pathOf(weights, spec.name);
      if (this.#weights.has(path) || "tied" in spec) continue;
      const { shape, initializer, regularizer = null, drawnAs = shape } = spec;
      this.#weights.set(path, { path, shape, initializer, drawnAs, regularizer, node: id });
    }
    for (const spec of inference.state) {
      const path = pathOf(state, spec.name);
      this.#state.set(path, { path, shape: spec.shape, initial: spec.initial });
    }
  }

  clear(): void {
    this.#weights.clear();
    this.#state.clear();
  }

  get collected(): ModelWeights {
    return { weights: [...this.#weights.values()], state: [...this.#state.values()] };
  }
}

export function collectWeights(
  { nodes }: Pick<ModelDocument, "nodes">,
  types: ReadonlyMap<string, ValueType>,
): ModelWeights {
  const collector = new WeightCollector();
  for (const node of nodes) {
    const inputs = node.inputs.flatMap((ref) => types.get(ref) ?? []);
    const inference = inferNode(libraryEntry("layer", node.layer), inputs, node.options);
    if (isProblem(inference)) throw new Error(`${node.id}: ${inference.message}`);
    collector.add(node, inference);
  }
  return collector.collected;
}

/** The path of a layer's weight or state; a checked node has one for each name. */
function pathOf(paths: Readonly<Record<string, string>>, name: string): string {
  const path = own(paths, name);
  if (path === undefined) throw new Error(`there is no path of ${name}`);
  return path;
}
