import {
  adaptingWeights,
  embedOf,
  episodeSizes,
  isGradient,
  metaSizes,
  type EpisodeSizes,
} from "../../../model/adapting.js";
import type { MetaDocument, ModelDocument, TaskDocument, TrainDocument } from "../../../document/types.js";
import { ModelAnalysis } from "../../../model/analysis.js";
import type { WeightInfo } from "../../../model/weights.js";
import type { Component, Options } from "../../../library/entry.js";
import { plainBalancer } from "../../../library/balancers/components.js";
import { entry as libraryEntry } from "../../../library/index.js";
import type {
  AlgorithmEntry,
  GradientAlgorithm,
  LearnedSpec,
  MetaSizes,
  MetricAlgorithm,
} from "../../../library/meta-entry.js";
import { readOptions } from "../../../library/options.js";
import { planTraining, type PlannedWeight, type TrainingPlan } from "../plan.js";

export interface MetaPlan<A extends AlgorithmEntry = AlgorithmEntry> {
  readonly document: ModelDocument;
  readonly model: ModelAnalysis<ModelDocument>;
  readonly meta: MetaDocument;
  readonly algorithm: A;
  readonly options: Options;
  readonly sizes: EpisodeSizes;
  /** Sizes that the algorithm's own weights depend on. */
  readonly own: MetaSizes;
  /** The value that embeds rows, where the algorithm has such. */
  readonly embed: string | undefined;
  /** The weights that adapt. */
  readonly adapting: readonly WeightInfo[];
  readonly learned: readonly LearnedSpec[];
  /** Which statistics batch norms normalize by; null without a batch norm. */
  readonly norm: "support" | "running" | "transductive" | null;
  /** Whether dropout has an effect in training. */
  readonly drops: boolean;
  /** What the outer optimizer moves: the model's weights and what is learned beside them. */
  readonly outer: TrainingPlan;
}

/** A plan of either kind of algorithm. */
export type AnyPlan = MetaPlan<GradientAlgorithm> | MetaPlan<MetricAlgorithm>;

type MetaModel = ModelAnalysis<ModelDocument & { readonly meta: MetaDocument }>;

/** Decides what adapts, what is learned, and by what. */
export function planMeta(model: MetaModel): AnyPlan {
  const algorithm = libraryEntry("algorithm", model.document.meta.algorithm.name);
  return isGradient(algorithm) ? planBy(model, algorithm) : planBy(model, algorithm);
}

function planBy<A extends AlgorithmEntry>(model: MetaModel, algorithm: A): MetaPlan<A> {
  const { document } = model;
  const { meta } = document;
  const options = readOptions(algorithm, meta.algorithm.options);
  const adapting = adaptingWeights(model, meta);
  const own = metaSizes(model, meta, adapting);
  const learned = algorithm.learned?.(options, own) ?? [];
  return {
    document,
    model,
    meta,
    algorithm,
    options,
    sizes: episodeSizes(meta),
    own,
    embed: embedOf(meta),
    adapting,
    learned,
    norm: meta.settings.norm,
    drops: meta.settings.dropout === "on",
    outer: planOuter(model, meta, algorithm, adapting, learned),
  };
}

export function ofGradients(plan: AnyPlan): plan is MetaPlan<GradientAlgorithm> {
  return isGradient(plan.algorithm);
}

/** The task whose classes an episode deals; algorithms that embed rows have exactly one task. */
export function classTask({ document }: MetaPlan): TaskDocument {
  const [task] = document.tasks;
  if (task === undefined) throw new Error("a model without a task");
  return task;
}

/** Plans the outer training, also of what is learned beside weights; a context is frozen, as each task begins it at 0. */
function planOuter(
  model: ModelAnalysis<ModelDocument>,
  meta: MetaDocument,
  algorithm: AlgorithmEntry,
  adapting: readonly WeightInfo[],
  learned: readonly LearnedSpec[],
): TrainingPlan {
  const optimizer = meta.settings.optimizer;
  const context = isGradient(algorithm) && algorithm.adapts === "context";
  const freeze = context ? adapting.map(({ path }) => path) : [];
  const train = outerTraining(meta, optimizer, freeze);
  const plan = planTraining(embedded(model, embedOf(meta)), train);
  const tasks = model.document.tasks.map((task) => task.name);
  const entry = libraryEntry("optimizer", optimizer.name);
  const slots = entry.slots(readOptions(entry, optimizer.options));
  const more = learned.map(({ path, shape, initializer }): PlannedWeight => ({
    path,
    shape,
    drawnAs: shape,
    initializer,
    regularizer: null,
    node: path,
    optimizer,
    tasks,
    frozen: [],
    slots,
    onlyWith: undefined,
  }));
  return { ...plan, weights: [...plan.weights, ...more], trained: [...plan.trained, ...more] };
}

/** The model as far as it embeds rows: layers after the embedding are not trained. */
function embedded(
  model: ModelAnalysis<ModelDocument>,
  embed: string | undefined,
): ModelAnalysis<ModelDocument> {
  if (embed === undefined) return model;
  const { document } = model;
  return new ModelAnalysis({
    ...document,
    tasks: document.tasks.map((task) => ({ ...task, output: embed })),
  });
}

/** The outer loop as a train section, in which the tasks of a meta-step are accumulated as batches are. */
function outerTraining(meta: MetaDocument, optimizer: Component, freeze: readonly string[]): TrainDocument {
  return {
    name: "meta",
    optimizers: [{ pattern: null, optimizer }],
    freeze,
    freezing: [],
    balance: plainBalancer,
    clip: null,
    stop: null,
    epochs: 1,
    batch: 1,
    // At least 2, since even the gradients of a single task are accumulated before `update`.
    accumulate: Math.max(2, meta.settings.tasks_per_step),
    shuffle: false,
    seed: meta.settings.seed,
    on_divergence: meta.settings.on_divergence,
  };
}
