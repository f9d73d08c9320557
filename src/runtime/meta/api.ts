import type { Divergence } from "../divergence.js";
import type { Report } from "../evaluation.js";
import type { Model, WeightValues } from "../api.js";
import type { ModelTypes, OpenTypes } from "../types.js";
import type { DrawEpisode, TaskRows } from "./episodes.js";
import type { Spread } from "./statistics.js";

export interface MetaStepEvent<T extends ModelTypes = OpenTypes> {
  /** Meta-steps done, this one included, and how many there are to be. */
  readonly step: number;
  readonly steps: number;
  /** The mean over the step's tasks of the query's loss after adaptation. */
  readonly loss: number;
  /** The report on validation tasks, if they were evaluated after this step. */
  readonly validation?: MetaReport<T>;
}

/** Validation tasks, which decide which step's weights are kept. */
export interface MetaValidation<T extends ModelTypes = OpenTypes> {
  /** Makes a validation task's rows. */
  readonly draw: DrawEpisode<T>;
  /** The number of tasks: 200 by default. */
  readonly episodes?: number;
  /** Meta-steps from one validation to the next: a twentieth of all by default. The last step is always validated. */
  readonly every?: number;
}

export interface MetaFitOptions<T extends ModelTypes = OpenTypes> {
  /** Meta-steps; the spec's by default. With `resume` all there are to be, those before included. */
  readonly steps?: number;
  /** Goes on from where an earlier training stood, instead of beginning a new count of steps and new schedules. */
  readonly resume?: boolean;
  /** Makes a task's rows; the spec's `tasks` by default. */
  readonly draw?: DrawEpisode<T>;
  /** The model then ends with the weights that did best on them. */
  readonly validation?: MetaValidation<T>;
  /** Ends the training after the meta-step at hand. */
  readonly signal?: AbortSignal;
  /** May return a promise, which is waited for; other calls of the model run meanwhile. */
  readonly onStep?: (event: MetaStepEvent<T>) => unknown;
}

export interface MetaFitResult {
  /** The last meta-step's loss; NaN where there was none to do. */
  readonly loss: number;
  /** Meta-steps done in all. */
  readonly steps: number;
  /** The step whose weights the model has now; undefined without validation. */
  readonly bestStep: number | undefined;
  /** Where a loss or a weight was no finite number: the training ended there, and the model has its last finite weights. */
  readonly divergence?: Divergence;
  /** Why nothing was done, where `resume` found nothing left to do, or why the training ended where it diverged. */
  readonly note?: string;
}

export interface AdaptOptions {
  /** Steps of adaptation; the inner steps that were trained by default. */
  readonly steps?: number;
}

export interface MetaEvaluateOptions<T extends ModelTypes = OpenTypes> extends AdaptOptions {
  /** How many tasks: 600 by default. */
  readonly episodes?: number;
  /** Makes a task's rows; the spec's `tasks` by default. */
  readonly draw?: DrawEpisode<T>;
  /** The seed of the test tasks; the same seed gives every model the same tasks. 0 by default. */
  readonly seed?: number;
}

/** Over the test tasks, on their queries after adaptation. */
export interface MetaReport<T extends ModelTypes = OpenTypes> {
  readonly episodes: number;
  readonly loss: Spread;
  readonly metrics: {
    readonly [Task in keyof T["metrics"]]: { readonly [Metric in keyof T["metrics"][Task]]: Spread };
  };
}

/** A model with the weights of one task. */
export interface AdaptedModel<T extends ModelTypes = OpenTypes> {
  /** As the model's own `predict`, with the task's weights. */
  predict(inputs: T["inputs"] | readonly T["row"][]): Promise<T["predictions"]>;
  /** Losses and metrics over all rows, with the task's weights. */
  evaluate(data: TaskRows<T>): Promise<Report<T>>;
  /**
   * Adapts further, from the weights of this one, to rows that have come since. Throws an InputError where the algorithm has
   * no inner steps: there a model is adapted to all rows together.
   */
  adapt(support: TaskRows<T>, options?: AdaptOptions): Promise<AdaptedModel<T>>;
  /** An adapted weight by its path, row-major. */
  weight(path: string): Promise<WeightValues>;
}

/** A model that learns to learn. */
export interface MetaModel<T extends ModelTypes = OpenTypes> extends Omit<Model<T>, "fit" | "partialFit"> {
  /** Trains on tasks. Throws an InputError where their rows do not fit the model. */
  metaFit(options?: MetaFitOptions<T>): Promise<MetaFitResult>;
  /**
   * Fits the transforms of inputs and of labels on raw rows of training, before anything else. Labels may be left out
   * where none has a transform.
   */
  fitTransforms(inputs: T["inputs"], labels?: T["labels"]): Promise<void>;
  /** Adapts to a task's labelled rows, without compiling anything. */
  adapt(support: TaskRows<T>, options?: AdaptOptions): Promise<AdaptedModel<T>>;
  /** Adapts to tasks that were not trained on, and judges by their queries. */
  metaEvaluate(options?: MetaEvaluateOptions<T>): Promise<MetaReport<T>>;
}
