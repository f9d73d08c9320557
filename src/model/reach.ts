import type { NodeDocument } from "../document/types.js";
import { entry as libraryEntry } from "../library/index.js";
import { indexesOf, single, union, type IndexSet } from "./index-sets.js";
import type { ModelParts } from "./parts.js";

/** For each value and weight, the set of tasks that depend on it. */
export class Reach {
  readonly #names: readonly string[];
  readonly #values = new Map<string, IndexSet>();
  readonly #gradients = new Map<string, IndexSet>();
  readonly #weights = new Map<string, IndexSet>();
  readonly #users = new Map<string, IndexSet>();
  readonly #listed = new Map<IndexSet, readonly string[]>();

  /** One walk from the last node to the first: what uses a node stands behind it. */
  constructor({ nodes, tasks }: Pick<ModelParts, "nodes" | "tasks">) {
    this.#names = tasks.map(({ name }) => name);
    tasks.forEach(({ output }, i) => {
      add(this.#values, output, single(i));
      add(this.#gradients, output, single(i));
    });
    for (let i = nodes.length - 1; i >= 0; i--) this.#visit(nodes[i]!);
  }

  #visit({ id, layer, inputs, weights, state }: NodeDocument): void {
    const values = this.#values.get(id);
    if (!values) return;
    const gradients = this.#gradients.get(id);
    const through = libraryEntry("layer", layer).stopsGradients ? undefined : gradients;
    for (const input of inputs) {
      add(this.#values, input, values);
      add(this.#gradients, input, through);
    }
    for (const path of Object.values(weights)) {
      add(this.#weights, path, gradients);
      add(this.#users, path, values);
    }
    for (const path of Object.values(state)) add(this.#users, path, values);
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
    return this.#list(this.#weights.get(path));
  }

  /** Names of the tasks whose outputs depend on a weight or a library state. */
  usersOf(path: string): readonly string[] {
    return this.#list(this.#users.get(path));
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
