import type { TaskDescriptor } from "./descriptor.js";
import { entriesIn, numberIn, objectIn } from "./read-json.js";
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

/** Reads that JSON; the tensors of the best weights come later. Throws a TypeError where it is something else. */
export function readProgress(value: unknown, tasks: readonly TaskDescriptor[]): TrainingState {
  const read = objectIn(value);
  const training = newTrainingState();
  training.step = numberIn(read.get("step"));
  training.epoch = numberIn(read.get("epoch"));
  // Earlier versions wrote none of these three.
  const start = read.get("start");
  const rate = read.get("rate");
  const references = read.get("references");
  if (start !== undefined) training.start = startIn(start);
  if (rate !== undefined) {
    training.rate = { ...startIn(rate), totalSteps: numberIn(objectIn(rate).get("totalSteps")) };
  }
  if (references !== undefined) training.references = new Map(entriesIn(references, numberIn));
  training.wait = numberIn(read.get("wait"));
  training.stopped = read.get("stopped") === true;
  const best = read.get("best") ?? null;
  if (best !== null) {
    const of = objectIn(best);
    training.best = { value: numberIn(of.get("value")), at: numberIn(of.get("at")), tensors: new Map() };
  }
  const partial = read.get("partial") ?? null;
  if (partial !== null) training.partial = partialIn(partial, tasks);
  return training;
}

function startIn(value: unknown): { step: number; epoch: number } {
  const read = objectIn(value);
  return { step: numberIn(read.get("step")), epoch: numberIn(read.get("epoch")) };
}

function partialIn(value: unknown, tasks: readonly TaskDescriptor[]): PartialEpoch {
  const read = objectIn(value);
  const waiting = objectIn(read.get("waiting"));
  return {
    rows: numberIn(read.get("rows")),
    sums: sumsIn(read.get("sums"), tasks),
    waiting: {
      batches: numberIn(waiting.get("batches")),
      rows: numberIn(waiting.get("rows")),
      sums: sumsIn(waiting.get("sums"), tasks),
    },
  };
}

/** Loss sums in the order of the tasks; a task that the checkpoint does not have starts at 0. */
function sumsIn(value: unknown, tasks: readonly TaskDescriptor[]): LossSums {
  const read = objectIn(value);
  return noLosses(tasks).map((none) => {
    const found = read.get(none.task);
    if (found === undefined) return none;
    const of = objectIn(found);
    const [sum, weighted] = [numberIn(of.get("sum")), numberIn(of.get("weighted"))];
    return { ...none, sum, weighted, rows: numberIn(of.get("rows")), labelled: numberIn(of.get("labelled")) };
  });
}
