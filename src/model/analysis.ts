import type { NodeDocument, TaskDocument, TrainDocument } from "../document/types.js";
import type { Link, Range, ValueType } from "../library/entry.js";
import { costsOf, type Costs } from "./costs.js";
import type { IndexSet } from "./index-sets.js";
import { outputLink, scoreLink, type OutputLink } from "./links.js";
import type { ModelParts } from "./parts.js";
import { rangesOf } from "./ranges.js";
import { inputsBehind, Reach } from "./reach.js";
import { TrainSettings, type TrainedWeight } from "./trained.js";
import { inputValueType } from "./value-types.js";
import { collectWeights, type ModelWeights, type StateInfo, type WeightInfo } from "./weights.js";

/**
 * Everything that follows from a model's document. Each part is computed when it is first asked for, for the whole model at
 * once, in time that grows with the number of layers, and kept.
 */
export class ModelAnalysis<D extends ModelParts = ModelParts> {
  #types: ReadonlyMap<string, ValueType> | undefined;
  #nodes: ReadonlyMap<string, NodeDocument> | undefined;
  #tasks: ReadonlyMap<string, TaskDocument> | undefined;
  #weights: ModelWeights | undefined;
  #reach: Reach | undefined;
  #shared: readonly string[] | undefined;
  #behind: ReadonlyMap<string, IndexSet> | undefined;
  #ranges: ReadonlyMap<string, Range> | undefined;
  #costs: Costs | undefined;
  readonly #settings = new Map<TrainDocument, TrainSettings>();

  /** `weights` saves computing the document's weights, for callers that know them already. */
  constructor(
    readonly document: D,
    weights?: ModelWeights,
  ) {
    this.#weights = weights;
  }

  /** The type of every input and node by its reference. */
  get types(): ReadonlyMap<string, ValueType> {
    return (this.#types ??= typesOf(this.document));
  }

  get nodes(): ReadonlyMap<string, NodeDocument> {
    return (this.#nodes ??= nodesOf(this.document));
  }

  get tasks(): ReadonlyMap<string, TaskDocument> {
    return (this.#tasks ??= new Map(this.document.tasks.map((task) => [task.name, task])));
  }

  /** Every weight, in the order of first use. */
  get weights(): readonly WeightInfo[] {
    return this.#collected.weights;
  }

  /** Every library state, in the order of first use. */
  get state(): readonly StateInfo[] {
    return this.#collected.state;
  }

  get #collected(): ModelWeights {
    return (this.#weights ??= collectWeights(this.document, this.types));
  }

  /** Which values and weights the tasks' outputs and losses depend on. */
  get reach(): Reach {
    return (this.#reach ??= new Reach(this.document));
  }

  /** The paths of the weights that the losses of two tasks or more reach. */
  get sharedWeights(): readonly string[] {
    return (this.#shared ??= this.weights
      .map(({ path }) => path)
      .filter((path) => this.reach.isShared(path)));
  }

  /** For each value the inputs that it depends on, by their index. */
  get inputsBehind(): ReadonlyMap<string, IndexSet> {
    return (this.#behind ??= inputsBehind(this.document));
  }

  /** Bounds of every node's output. */
  get ranges(): ReadonlyMap<string, Range> {
    return (this.#ranges ??= rangesOf(this.nodes));
  }

  get costs(): Costs {
    return (this.#costs ??= costsOf(this.document.nodes, this.weights));
  }

  /** What a task's output ends with. */
  outputLink({ output }: Pick<TaskDocument, "output">): OutputLink {
    return outputLink(this.nodes.get(output), this.ranges.get(output));
  }

  /** The link that turns a task's logits into probabilities, where logits are available. */
  scoreLink(task: TaskDocument): Link | undefined {
    return scoreLink(task, this.outputLink(task));
  }

  /** What a train section says of weights: frozen epochs and optimizers by path. */
  settings(train: TrainDocument): TrainSettings {
    const known = this.#settings.get(train);
    if (known) return known;
    const settings = new TrainSettings(train);
    this.#settings.set(train, settings);
    return settings;
  }

  /** The weights that a train section moves, each with its optimizer. */
  trained(train: TrainDocument): TrainedWeight[] {
    const settings = this.settings(train);
    return this.weights.flatMap((weight): TrainedWeight[] => {
      const tasks = this.reach.tasksOfWeight(weight.path);
      if (tasks.length === 0 || settings.isFrozen(weight.path)) return [];
      const optimizer = settings.optimizerOf(weight.path);
      return optimizer ? [{ ...weight, optimizer, tasks, frozen: settings.frozenEpochs(weight.path) }] : [];
    });
  }
}

function typesOf({ inputs, nodes }: ModelParts): Map<string, ValueType> {
  const types = new Map<string, ValueType>();
  for (const { name, type } of inputs) types.set(name, inputValueType(type));
  for (const { id, type } of nodes) types.set(id, type);
  return types;
}

function nodesOf({ nodes }: ModelParts): Map<string, NodeDocument> {
  const byId = new Map<string, NodeDocument>();
  for (const node of nodes) byId.set(node.id, node);
  return byId;
}
