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

/** Which nodes and inputs a task's output depends on: at all, and with a gradient (not only through `detach`). */
export interface Reach {
  readonly values: ReadonlySet<string>;
  readonly gradients: ReadonlySet<string>;
}

export function reachOf(model: ModelParts, task: Pick<TaskDocument, "output">): Reach {
  return reachIn(model)(task);
}

/** The same of several tasks: each looks only at what it depends on. */
export function reachIn(model: ModelParts): (task: Pick<TaskDocument, "output">) => Reach {
  const nodes = new Map(model.nodes.map((node) => [node.id, node]));
  const walk = (output: string, stop: (node: NodeDocument) => boolean): Set<string> => {
    const seen = new Set<string>();
    const waiting = [output];
    for (let ref = waiting.pop(); ref !== undefined; ref = waiting.pop()) {
      if (seen.has(ref)) continue;
      seen.add(ref);
      const node = nodes.get(ref);
      if (node && !stop(node)) waiting.push(...node.inputs);
    }
    return seen;
  };
  return ({ output }) => ({
    values: walk(output, () => false),
    gradients: walk(output, (node) => node.layer === "detach"),
  });
}

/** For each weight path the tasks whose losses reach it with a gradient. */
export function tasksByWeight(
  model: ModelParts & { readonly tasks: readonly TaskDocument[] },
): Map<string, string[]> {
  const byWeight = new Map<string, string[]>();
  const nodes = new Map(model.nodes.map((node) => [node.id, node]));
  const reach = reachIn(model);
  for (const task of model.tasks) {
    for (const ref of reach(task).gradients) {
      for (const path of Object.values(nodes.get(ref)?.weights ?? {})) {
        const tasks = byWeight.get(path);
        if (!tasks) byWeight.set(path, [task.name]);
        else if (tasks.at(-1) !== task.name) tasks.push(task.name);
      }
    }
  }
  return byWeight;
}

/** Whether a pattern (`*` stands for one or more segments) matches a weight path. */
export function matchesPattern(pattern: string, path: string): boolean {
  const [parts, segments] = [pattern.split("."), path.split(".")];
  // A path without a star names a whole group as well as a single weight.
  return matches(parts, segments) || (!pattern.includes("*") && matches([...parts, "*"], segments));
}

/** Goes on with all numbers of segments that the parts so far can have taken. */
function matches(parts: readonly string[], segments: readonly string[]): boolean {
  let taken: readonly number[] = [0];
  for (const part of parts) {
    const [least = segments.length] = taken;
    taken =
      part === "*"
        ? segments.flatMap((_, i) => (i >= least ? [i + 1] : []))
        : taken.flatMap((n) => (segments[n] === part ? [n + 1] : []));
  }
  return taken.includes(segments.length);
}
