import type { Component, ValueType } from "../library/entry.js";
import { entry as libraryEntry } from "../library/index.js";
import { isProblem } from "../library/layers/shapes.js";
import { inferNode } from "./infer.js";
import { inputValueType } from "./input-type.js";
import type { InputDocument, NodeDocument, TaskDocument } from "./types.js";

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

export interface ModelParts {
  readonly inputs: readonly InputDocument[];
  readonly nodes: readonly NodeDocument[];
}

/** The type of every input and node by its reference. */
export function valueTypes(model: ModelParts): Map<string, ValueType> {
  const types = new Map<string, ValueType>();
  for (const input of model.inputs) types.set(input.name, inputValueType(input.type));
  for (const node of model.nodes) types.set(node.id, node.type);
  return types;
}

/** Every weight and every library state of a model, in the order of first use. */
export function collectWeights(model: ModelParts): { weights: WeightInfo[]; state: StateInfo[] } {
  const types = valueTypes(model);
  const weights = new Map<string, WeightInfo>();
  const state = new Map<string, StateInfo>();
  for (const node of model.nodes) {
    const inference = inferNode(
      libraryEntry("layer", node.layer),
      node.inputs.map((ref) => types.get(ref)!),
      node.options,
    );
    if (isProblem(inference)) throw new Error(`${node.id}: ${inference.message}`);
    for (const spec of inference.weights) {
      const path = node.weights[spec.name]!;
      if (weights.has(path) || "tied" in spec) continue;
      const { shape, initializer, regularizer = null, drawnAs = shape } = spec;
      weights.set(path, { path, shape, initializer, drawnAs, regularizer, node: node.id });
    }
    for (const spec of inference.state) {
      const path = node.state[spec.name]!;
      state.set(path, { path, shape: spec.shape, initial: spec.initial });
    }
  }
  return { weights: [...weights.values()], state: [...state.values()] };
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((a, d) => a * d, 1);
}

/** Which nodes and inputs a task's output depends on: at all, and with a gradient (not only through `detach`). */
export interface Reach {
  readonly values: ReadonlySet<string>;
  readonly gradients: ReadonlySet<string>;
}

export function reachOf(model: ModelParts, task: Pick<TaskDocument, "output">): Reach {
  const nodes = new Map(model.nodes.map((node) => [node.id, node]));
  const walk = (stop: (node: NodeDocument) => boolean): Set<string> => {
    const seen = new Set<string>();
    const waiting = [task.output];
    for (let ref = waiting.pop(); ref !== undefined; ref = waiting.pop()) {
      if (seen.has(ref)) continue;
      seen.add(ref);
      const node = nodes.get(ref);
      if (node && !stop(node)) waiting.push(...node.inputs);
    }
    return seen;
  };
  return { values: walk(() => false), gradients: walk((node) => node.layer === "detach") };
}

/** For each weight path the tasks whose losses reach it with a gradient. */
export function tasksByWeight(
  model: ModelParts & { readonly tasks: readonly TaskDocument[] },
): Map<string, string[]> {
  const byWeight = new Map<string, string[]>();
  for (const task of model.tasks) {
    const { gradients } = reachOf(model, task);
    for (const node of model.nodes) {
      if (!gradients.has(node.id)) continue;
      for (const path of Object.values(node.weights)) {
        const tasks = byWeight.get(path) ?? [];
        if (!tasks.includes(task.name)) tasks.push(task.name);
        byWeight.set(path, tasks);
      }
    }
  }
  return byWeight;
}

/** Whether a pattern (`*` stands for one or more segments) matches a weight path. */
export function matchesPattern(pattern: string, path: string): boolean {
  const match = (p: readonly string[], s: readonly string[]): boolean => {
    if (p.length === 0) return s.length === 0;
    if (s.length === 0) return false;
    if (p[0] !== "*") return p[0] === s[0] && match(p.slice(1), s.slice(1));
    return s.some((_, i) => match(p.slice(1), s.slice(i + 1)));
  };
  const [parts, segments] = [pattern.split("."), path.split(".")];
  // A path without a star names a whole group as well as a single weight.
  return match(parts, segments) || (!pattern.includes("*") && match([...parts, "*"], segments));
}
