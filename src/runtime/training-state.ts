import type { RatePosition } from "./clock.js";
import type { TaskDescriptor } from "./descriptor.js";
import type { HostTensor } from "./tensor.js";

/** The state of a training, apart from the session's. */
export interface TrainingState {
  /** Optimizer steps, meta-steps included, and epochs done. */
  step: number;
  epoch: number;
  /** Where the running training began, from which schedules and its epochs count. */
  start: { step: number; epoch: number };
  /** Where the last step was in its schedule. */
  rate: RatePosition;
  best: BestState | undefined;
  /** Epochs since the best one. */
  wait: number;
  /** What early stopping compares each of several measures with: its first value. */
  references: Map<string, number>;
  /** Whether early stopping has ended the training. */
  stopped: boolean;
  /** The weights that training ended with, kept when the best ones replace them: training resumes from these. */
  last: Map<string, HostTensor> | undefined;
  /** Set where the training was interrupted within an epoch. */
  partial: PartialEpoch | undefined;
}

/** A task's Σ loss · rows, the same times what the task counts for, the rows, and the batches with labels of it. */
export interface TaskSums {
  readonly task: string;
  sum: number;
  weighted: number;
  rows: number;
  labelled: number;
}

/** In the order of the tasks. */
export type LossSums = readonly TaskSums[];

export function noLosses(tasks: readonly TaskDescriptor[]): LossSums {
  return tasks.map(({ name }) => ({ task: name, sum: 0, weighted: 0, rows: 0, labelled: 0 }));
}

/** The progress of an unfinished epoch. */
export interface PartialEpoch {
  /** How many rows of the epoch's order are done. */
  rows: number;
  sums: LossSums;
  /** What the batches of an unfinished step have added up. */
  waiting: { batches: number; rows: number; sums: LossSums };
}

export interface BestState {
  value: number;
  /** The epoch, or the meta-step, after which it was measured. */
  at: number;
  tensors: ReadonlyMap<string, HostTensor>;
}

/** The state of a new training, after so many steps and epochs of earlier ones. */
export function newTrainingState(step = 0, epoch = 0): TrainingState {
  return {
    step,
    epoch,
    start: { step, epoch },
    rate: { step: 0, epoch: 0, totalSteps: 1 },
    best: undefined,
    wait: 0,
    references: new Map(),
    stopped: false,
    last: undefined,
    partial: undefined,
  };
}
