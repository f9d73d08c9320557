import type { TaskDescriptor } from "./descriptor.js";
import { own } from "./own.js";
import {
  countIn,
  entriesIn,
  fitting,
  flagIn,
  lossIn,
  numberIn,
  orNull,
  shapeIn,
  wholeIn,
} from "./read-json.js";
import {
  newTrainingState,
  noLosses,
  type LossSums,
  type PartialEpoch,
  type TrainingState,
} from "./training-state.js";

/** A training's state as JSON, without its tensors. */
export function progressJson(training: TrainingState): object {
  const { step, epoch, start, rate, wait, references, stopped, best, partial } = training;
  return {
    step,
    epoch,
    start,
    rate,
    wait,
    references: Object.fromEntries(references),
    stopped,
    best: best ? { value: best.value, at: best.at } : null,
    partial: partial ? partialJson(partial) : null,
  };
}

function partialJson({ rows, sums, waiting }: PartialEpoch): object {
  const byTask = (of: LossSums) => Object.fromEntries(of.map(({ task, ...sum }) => [task, sum]));
  const { batches, rows: waitingRows, sums: waitingSums } = waiting;
  return {
    rows,
    sums: byTask(sums),
    waiting: { batches, rows: waitingRows, sums: byTask(waitingSums) },
  };
}

/**
 * Reads that JSON; the tensors of the best weights come later. `whole` says that it is no earlier version's, which may lack
 * some. Throws a TypeError where it is something else.
 */
export function readProgress(
  value: unknown,
  tasks: readonly TaskDescriptor[],
  whole: boolean,
): TrainingState {
  const none = newTrainingState();
  const since =
    <V>(otherwise: V, read: (value: unknown) => V) =>
    (value: unknown) =>
      value === undefined && !whole ? otherwise : read(value);
  const { best, partial, ...read } = shapeIn(value, {
    step: countIn,
    epoch: countIn,
    start: since(none.start, (start) => shapeIn(start, POSITION)),
    rate: since(none.rate, (rate) => shapeIn(rate, { ...POSITION, totalSteps: wholeIn })),
    references: since(none.references, (all) => new Map(entriesIn(all, positiveIn))),
    wait: countIn,
    stopped: flagIn,
    best: orNull((best) => shapeIn(best, { value: numberIn, at: countIn })),
    partial: since(
      null,
      orNull((partial) => partialIn(partial, tasks)),
    ),
  });
  return {
    ...none,
    ...read,
    best: best ? { ...best, tensors: new Map() } : undefined,
    partial: partial ?? undefined,
  };
}

const POSITION = { step: countIn, epoch: countIn };

function positiveIn(value: unknown): number {
  const number = numberIn(value);
  fitting(number > 0);
  return number;
}

function partialIn(value: unknown, tasks: readonly TaskDescriptor[]): PartialEpoch {
  const sums = (value: unknown) => sumsIn(value, tasks);
  return shapeIn(value, {
    rows: countIn,
    sums,
    waiting: (waiting) => shapeIn(waiting, { batches: countIn, rows: countIn, sums }),
  });
}

/** Loss sums in the order of the tasks. */
function sumsIn(value: unknown, tasks: readonly TaskDescriptor[]): LossSums {
  const one = (sum: unknown) =>
    shapeIn(sum, { sum: lossIn, weighted: lossIn, rows: numberIn, labelled: countIn });
  const read = shapeIn(value, Object.fromEntries(tasks.map(({ name }) => [name, one])));
  return noLosses(tasks).map((none) => ({ ...none, ...own(read, none.task) }));
}
