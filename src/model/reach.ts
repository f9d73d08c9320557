import type { NodeDocument } from "../document/types.js";
import { entry as libraryEntry } from "../library/index.js";
import { hasSeveral, indexesOf, single, union, type IndexSet } from "./index-sets.js";
import type { ModelParts } from "./parts.js";

/** For each value and weight, the set of tasks that depend on it. */
export class Reach {
  readonly #names: readonly string[];
  readonly #values = new Map<string, IndexSet>();
  readonly #gradients = new Map<string, IndexSet>();
  #paths: ReachOfPaths | undefined;
  readonly #listed = new Map<IndexSet, readonly string[]>();

  /** One walk from the last node to the first: what uses a node stands behind it. */
  constructor(private readonly model: Pick<ModelParts, "nodes" | "tasks">) {
    const { nodes, tasks } = model;
    this.#names = tasks.map(({ name }) => name);
    tasks.forEach(({ output }, i) => {
      add(this.#values, output, single(i));
      add(this.#gradients, output, single(i));
    });
    for (let i = nodes.length - 1; i >= 0; i--) this.#visit(nodes[i]!);
  }

  #visit({ id, layer, inputs }: NodeDocument): void {
    const values = this.#values.get(id);
    if (!values) return;
    const through = libraryEntry("layer", layer).stopsGradients ? undefined : this.#gradients.get(id);
    for (const input of inputs) {
      add(this.#values, input, values);
      add(this.#gradients, input, through);
    }
  }

  /** What depends on weights and states; checking a model does not ask for it. */
  #ofPaths(): ReachOfPaths {
    if (this.#paths) return this.#paths;
    const weightTasks = new Map<string, IndexSet>();
    const users = new Map<string, IndexSet>();
    for (const { id, weights, state } of this.model.nodes.toReversed()) {
      const [values, gradients] = [this.#values.get(id), this.#gradients.get(id)];
      for (const path of Object.values(weights)) {
        add(weightTasks, path, gradients);
        add(users, path, values);
      }
      for (const path of Object.values(state)) add(users, path, values);
    }
    return (this.#paths = { weights: weightTasks, users });
  }

  /** Whether any task's output depends on a value. */
  hasValue(ref: string): boolean {
    return this.#values.has(ref);
  }

  /** Whether a gradient of any task's loss reaches a value. */
  hasGradient(ref: string): boolean {
    return this.#gradients.has(ref);
  }

  /** The tasks whose outputs depend on a value, as a set of their numbers. */
  tasksOfValue(ref: string): IndexSet | undefined {
    return this.#values.get(ref);
  }

  /** Names of the tasks whose outputs depend on a value. */
  namesOfValue(ref: string): readonly string[] {
    return this.#list(this.#values.get(ref));
  }

  /** Names of the tasks whose losses reach a weight with a gradient. */
  tasksOfWeight(path: string): readonly string[] {
    return this.#list(this.#ofPaths().weights.get(path));
  }

  /** Whether the loss of any task reaches a weight with a gradient. */
  isTrainable(path: string): boolean {
    return this.#ofPaths().weights.has(path);
  }

  /** Whether the losses of two tasks or more do. */
  isShared(path: string): boolean {
    const tasks = this.#ofPaths().weights.get(path);
    return tasks !== undefined && hasSeveral(tasks);
  }

  /** Names of the tasks whose outputs depend on a weight or a library state. */
  usersOf(path: string): readonly string[] {
    return this.#list(this.#ofPaths().users.get(path));
  }

  /** Many values have the same set, and so the same list. */
  #list(set: IndexSet | undefined): readonly string[] {
    if (!set) return [];
    const known = this.#listed.get(set);
    if (known) return known;
    const names = indexesOf(set).flatMap((i) => this.#names[i] ?? []);
    this.#listed.set(set, names);
    return names;
  }
}

/** By the paths of weights and states. */
interface ReachOfPaths {
  /** The tasks whose losses reach a weight with a gradient. */
  readonly weights: ReadonlyMap<string, IndexSet>;
  /** The tasks whose outputs depend on a weight or a state. */
  readonly users: ReadonlyMap<string, IndexSet>;
}

/** For every value the inputs behind it, as sets of their numbers. */
export function inputsBehind({ inputs, nodes }: ModelParts): ReadonlyMap<string, IndexSet> {
  const behind = new Map<string, IndexSet>();
  inputs.forEach(({ name }, i) => add(behind, name, single(i)));
  for (const node of nodes) for (const ref of node.inputs) add(behind, node.id, behind.get(ref));
  return behind;
}

function add(sets: Map<string, IndexSet>, key: string, more: IndexSet | undefined): void {
  const joined = union(sets.get(key), more);
  if (joined) sets.set(key, joined);
}
