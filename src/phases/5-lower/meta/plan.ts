import { adaptingWeights, gradientAlgorithm } from "../../../document/adapting.js";
import type { MetaDocument, ModelDocument, TrainDocument } from "../../../document/types.js";
import type { WeightInfo } from "../../../document/weights.js";
import type { Component, Options } from "../../../library/entry.js";
import type { GradientAlgorithm, LearnedSpec } from "../../../library/meta-entry.js";
import { readOptions } from "../../../library/options.js";
import { planTraining, type PlannedWeight, type TrainingPlan } from "../plan.js";

/** How many rows of each kind an episode has; with classes, so many of each class. */
export interface EpisodeSizes {
  readonly support: number;
  readonly query: number;
}

export interface MetaPlan {
  readonly document: ModelDocument;
  readonly meta: MetaDocument;
  readonly algorithm: GradientAlgorithm;
  readonly options: Options;
  readonly sizes: EpisodeSizes;
  /** The weights that adapt. */
  readonly adapting: readonly WeightInfo[];
  readonly learned: readonly LearnedSpec[];
  /** What the outer optimizer moves: the model's weights and what is learned beside them. */
  readonly outer: TrainingPlan;
}

/** Decides what adapts, what is learned, and by what. */
export function planMeta(document: ModelDocument & { readonly meta: MetaDocument }): MetaPlan {
  const { meta } = document;
  const algorithm = gradientAlgorithm(meta);
  if (!algorithm) throw new Error(`${meta.algorithm.name} has no inner steps`);
  const options = readOptions(algorithm, meta.algorithm.options);
  const adapting = adaptingWeights(document, meta);
  const learned = algorithm.learned?.(options, adapting) ?? [];
  return {
    document,
    meta,
    algorithm,
    options,
    sizes: episodeSizes(meta),
    adapting,
    learned,
    outer: planOuter(document, meta, algorithm, adapting, learned),
  };
}

function episodeSizes({ settings }: MetaDocument): EpisodeSizes {
  const { ways, support, query } = settings["episode"] as {
    ways: number | null;
    support: number;
    query: number;
  };
  return { support: support * (ways ?? 1), query: query * (ways ?? 1) };
}

/** A context begins every task at 0, so nothing of it is trained; what is learned is trained as weights are. */
function planOuter(
  document: ModelDocument,
  meta: MetaDocument,
  algorithm: GradientAlgorithm,
  adapting: readonly WeightInfo[],
  learned: readonly LearnedSpec[],
): TrainingPlan {
  const optimizer = meta.settings["optimizer"] as unknown as Component;
  const freeze = algorithm.adapts === "context" ? adapting.map(({ path }) => path) : [];
  const train = outerTraining(meta, optimizer, freeze);
  const plan = planTraining(document, train);
  const model = plan.trained[0];
  const tasks = document.tasks.map((task) => task.name);
  const more = learned.map(({ path, shape, initial }): PlannedWeight => ({
    path,
    shape,
    initializer: { name: "constant", options: { value: initial } },
    regularizer: null,
    node: path,
    optimizer,
    tasks,
    frozen: [],
    slots: model?.slots ?? [],
    onlyWith: undefined,
  }));
  return { ...plan, weights: [...plan.weights, ...more], trained: [...plan.trained, ...more] };
}

/** The outer loop as a train section: tasks wait for an update as the batches of a step do. */
function outerTraining(meta: MetaDocument, optimizer: Component, freeze: readonly string[]): TrainDocument {
  return {
    name: "meta",
    optimizers: [{ pattern: null, optimizer }],
    freeze,
    freezing: [],
    balance: { name: "fixed", options: {} },
    clip: null,
    stop: null,
    epochs: 1,
    batch: 1,
    // Even a single task of a step waits for the update.
    accumulate: Math.max(2, meta.settings["tasks_per_step"] as number),
    shuffle: false,
    seed: meta.settings["seed"] as number,
  };
}
