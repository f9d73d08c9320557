import type { RatePosition } from "./clock.js";
import type { TaskDescriptor } from "./descriptor.js";
import type { HostTensor } from "./tensor.js";

/** Where a training stands, beside what the session holds. */
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
  /** Early stopping has ended the training. */
  stopped: boolean;
  /** Where training stood when the best weights were put back: what resuming goes on from. */
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

/** How far an interrupted epoch has come. */
export interface PartialEpoch {
  /** Rows taken in the epoch's order. */
  rows: number;
  sums: LossSums;
  /** What waits for `update` where several batches make a step. */
  waiting: { batches: number; rows: number; sums: LossSums };
}

export interface BestState {
  value: number;
  /** The epoch, or the meta-step, after which it was measured. */
  at: number;
  tensors: ReadonlyMap<string, HostTensor>;
}

/** A training that begins after so many steps and epochs of others. */
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
