import type { Divergence } from "./divergence.js";
import type { Report } from "./evaluation.js";
import type { ModelTypes, OpenTypes } from "./types.js";

export interface StepEvent<T extends ModelTypes = OpenTypes> {
  /** Steps done, this one included. */
  readonly step: number;
  readonly epoch: number;
  /** Each task's loss, unweighted; null where the batch has no label of it. */
  readonly losses: T["losses"];
  /** Each loss times the factor that the balancer gave it in the step, or else its static weight. */
  readonly weighted: T["losses"];
}

export interface EpochEvent<T extends ModelTypes = OpenTypes> {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  readonly step: number;
  /** Means over the epoch's rows. */
  readonly losses: T["losses"];
  /** The losses times the factors that the balancer gave them in each step. */
  readonly weighted: T["losses"];
  readonly loss: number;
  /** Metrics on the validation part; on the training part where there is none. */
  readonly metrics: T["metrics"];
  readonly validation: Report<T> | undefined;
}

export interface FitOptions<T extends ModelTypes = OpenTypes> {
  /** The number of epochs, the spec's by default. With `resume` the number in all, those before included. */
  readonly epochs?: number;
  /** Rows of a step; the spec's by default. */
  readonly batch?: number | "full";
  /** The rows of an epoch, where data are a function of it; schedules' lengths depend on it. The first epoch's by default. */
  readonly rows?: number;
  /** Ends the training after the step at hand; the result says `aborted`. */
  readonly signal?: AbortSignal;
  /** May return a promise, which is waited for; other calls of the model run meanwhile. */
  readonly onStep?: (event: StepEvent<T>) => unknown;
  /** May return a promise, which is waited for; other calls of the model run meanwhile. */
  readonly onEpochEnd?: (event: EpochEvent<T>) => unknown;
  /** Goes on from where an earlier training stood instead of beginning a new count of epochs and a new schedule. */
  readonly resume?: boolean;
  /** Fits transforms, presence rates and class weights anew; a fitted model keeps those that it has. */
  readonly refit?: boolean;
}

export interface FitResult<T extends ModelTypes = OpenTypes> {
  readonly epochs: readonly EpochEvent<T>[];
  /** The epoch whose weights the model has now, from 1; undefined without early stopping. */
  readonly bestEpoch: number | undefined;
  /** `diverged`: a loss or a weight was no finite number; the model has its last finite weights, the best where there are such. */
  readonly stopped: "finished" | "early" | "aborted" | "diverged";
  readonly divergence?: Divergence;
  /** Why nothing was done, where `resume` found nothing left to do, or why the training ended where it diverged. */
  readonly note?: string;
}
