import { batchOf, type Dataset } from "./dataset.js";
import type { ModelDescriptor, StopDescriptor, TaskDescriptor } from "./descriptor.js";
import { evaluateDataset, type Report } from "./evaluation.js";
import { metrics as allMetrics } from "./metrics/index.js";
import { rowsInOrder, shuffledRows } from "./order.js";
import { createPause } from "./pause.js";
import type { Pipelines } from "./pipeline.js";
import { floatScalar, intScalar, names } from "./programs.js";
import type { Session } from "./session.js";
import type { HostTensor } from "./tensor.js";
import type { LossSums, PartialEpoch, TrainingState } from "./training-state.js";
import type { ModelTypes, OpenTypes } from "./types.js";

export interface StepEvent<T extends ModelTypes = OpenTypes> {
  /** Steps done, this one included. */
  readonly step: number;
  readonly epoch: number;
  /** Each task's loss, unweighted; null where the batch has no label of it. */
  readonly losses: T["losses"];
}

export interface EpochEvent<T extends ModelTypes = OpenTypes> {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  readonly step: number;
  /** Means over the epoch's rows. */
  readonly losses: T["losses"];
  readonly loss: number;
  /** On the validation part; on the training part where there is none. */
  readonly metrics: T["metrics"];
  readonly validation: Report<T> | undefined;
}

export interface FitOptions<T extends ModelTypes = OpenTypes> {
  readonly epochs?: number;
  readonly batch?: number | "full";
  readonly signal?: AbortSignal;
  readonly onStep?: (event: StepEvent<T>) => void;
  /** May return a promise, which is waited for. */
  readonly onEpochEnd?: (event: EpochEvent<T>) => unknown;
  /** Goes on from where an earlier training stood instead of beginning a new count of epochs. */
  readonly resume?: boolean;
}

export interface FitResult<T extends ModelTypes = OpenTypes> {
  readonly epochs: readonly EpochEvent<T>[];
  /** The epoch whose weights the model has now, from 1; undefined without early stopping. */
  readonly bestEpoch: number | undefined;
  readonly stopped: "finished" | "early" | "aborted";
}

export interface Fitting {
  readonly descriptor: ModelDescriptor;
  readonly session: Session;
  readonly pipelines: Pipelines;
  readonly training: Dataset;
  readonly validation: Dataset | undefined;
  readonly state: TrainingState;
  readonly seed: number;
}

/** What one call of `fit` keeps from epoch to epoch. */
interface Run {
  readonly totalSteps: number;
  readonly pause: ReturnType<typeof createPause>;
}

/** The training loop: epochs of shuffled batches, evaluation, early stopping on the best weights. */
export async function runFit(fitting: Fitting, options: FitOptions): Promise<FitResult> {
  const { descriptor, session, state, training } = fitting;
  const { train } = descriptor;
  const epochs = options.epochs ?? train.epochs;
  const given = options.batch ?? train.batch;
  const batch = given === "full" ? training.rows : Math.min(given, Math.max(1, training.rows));
  const stepsPerEpoch = Math.ceil(Math.ceil(training.rows / batch) / train.accumulate);
  const lastEpoch = options.resume ? epochs : state.epoch + epochs;
  const batchesDone = state.partial ? Math.floor(state.partial.rows / batch / train.accumulate) : 0;
  const run: Run = {
    pause: createPause(),
    totalSteps: state.step - batchesDone + Math.max(0, lastEpoch - state.epoch) * stepsPerEpoch,
  };
  const events: EpochEvent[] = [];
  const stop = fitting.validation ? train.stop : null;
  let ended: FitResult["stopped"] = state.stopped ? "early" : "finished";
  while (state.epoch < lastEpoch && !state.stopped) {
    if (options.signal?.aborted) {
      ended = "aborted";
      break;
    }
    const losses = await runEpoch(fitting, options, batch, run);
    if (!losses) {
      ended = "aborted";
      break;
    }
    state.epoch++;
    const validation = fitting.validation
      ? await evaluateDataset(descriptor, session, fitting.pipelines, fitting.validation)
      : undefined;
    const report = validation ?? (await measured(fitting));
    const event: EpochEvent = {
      epoch: state.epoch,
      epochs: lastEpoch,
      step: state.step,
      losses,
      loss: weightedSum(descriptor.tasks, losses),
      metrics: report?.metrics ?? {},
      validation,
    };
    events.push(event);
    if (stop && validation) judge(fitting, stop, validation);
    await options.onEpochEnd?.(event);
    if (state.stopped) ended = "early";
  }
  const bestEpoch = state.best?.epoch;
  if (state.best && ended !== "aborted") putBackBest(fitting);
  return { epochs: events, bestEpoch, stopped: ended };
}

/** Metrics of the training part, where there is no validation part and something is to be measured. */
async function measured({ descriptor, session, pipelines, training }: Fitting): Promise<Report | undefined> {
  if (descriptor.tasks.every((task) => task.metrics.length === 0)) return undefined;
  return evaluateDataset(descriptor, session, pipelines, training);
}

function weightedSum(
  tasks: readonly TaskDescriptor[],
  losses: Readonly<Record<string, number | null>>,
): number {
  return tasks.reduce((sum, task) => sum + task.weight * (losses[task.name] ?? 0), 0);
}

/** One epoch, or the rest of an interrupted one; undefined where it is interrupted (then `partial` says how far it came). */
async function runEpoch(
  fitting: Fitting,
  options: FitOptions,
  batch: number,
  run: Run,
): Promise<Record<string, number | null> | undefined> {
  const { descriptor, session, state, training } = fitting;
  const { accumulate, shuffle } = descriptor.train;
  const order = shuffle ? shuffledRows(training.rows, fitting.seed, state.epoch) : rowsInOrder(training.rows);
  const partial = state.partial ?? {
    rows: 0,
    sums: noLosses(descriptor.tasks),
    waiting: nothingWaiting(descriptor.tasks),
  };
  state.partial = partial;
  while (partial.rows < order.length) {
    await run.pause();
    if (options.signal?.aborted) return undefined;
    const rows = order.subarray(partial.rows, Math.min(partial.rows + batch, order.length));
    // Batches of one step draw different random numbers: there the step counts batches.
    const draws =
      accumulate > 1 ? { step: intScalar(state.step * accumulate + partial.waiting.batches) } : {};
    const args = { ...batchOf(training, rows), ...clockArguments(fitting, run.totalSteps), ...draws };
    const results = await session.run(accumulate > 1 ? "gradients" : "step", args, rows.length);
    addLosses(descriptor.tasks, results, rows.length, partial.sums);
    // A single batch's loss stays the very number that the program gave.
    addLosses(descriptor.tasks, results, accumulate > 1 ? rows.length : 1, partial.waiting.sums);
    partial.rows += rows.length;
    partial.waiting.batches++;
    partial.waiting.rows += rows.length;
    if (partial.waiting.batches < accumulate && partial.rows < order.length) continue;
    if (accumulate > 1) {
      const update = { ...clockArguments(fitting, run.totalSteps), rows: floatScalar(partial.waiting.rows) };
      await session.run("update", update, 1);
    }
    state.step++;
    options.onStep?.({ step: state.step, epoch: state.epoch + 1, losses: meanLosses(partial.waiting.sums) });
    partial.waiting = nothingWaiting(descriptor.tasks);
  }
  state.partial = undefined;
  return meanLosses(partial.sums);
}

function noLosses(tasks: readonly TaskDescriptor[]): LossSums {
  return Object.fromEntries(tasks.map((t) => [t.name, { sum: 0, rows: 0, labelled: 0 }]));
}

function nothingWaiting(tasks: readonly TaskDescriptor[]): PartialEpoch["waiting"] {
  return { batches: 0, rows: 0, sums: noLosses(tasks) };
}

/** Means over rows; null where no batch had a label of the task. */
function meanLosses(sums: LossSums): Record<string, number | null> {
  const means = Object.entries(sums).map(([task, { sum, rows, labelled }]): [string, number | null] => [
    task,
    labelled > 0 ? sum / rows : null,
  ]);
  return Object.fromEntries(means);
}

function clockArguments({ state, seed }: Fitting, totalSteps: number): Record<string, HostTensor> {
  return {
    seed: intScalar(seed),
    step: intScalar(state.step),
    total_steps: floatScalar(totalSteps),
    epoch: floatScalar(state.epoch),
    lr_scale: floatScalar(1),
  };
}

/** A task without a label in the batch adds rows and no loss: its presence rate is over all rows. */
function addLosses(
  tasks: readonly TaskDescriptor[],
  results: Readonly<Record<string, HostTensor>>,
  rows: number,
  sums: LossSums,
): void {
  for (const { name } of tasks) {
    const loss = results[names.loss(name)]!.data[0]!;
    const absent = results[names.count(name)]?.data[0] === 0;
    const total = sums[name]!;
    total.rows += rows;
    if (absent) continue;
    total.sum += loss * rows;
    total.labelled++;
  }
}

/** Early stopping: keeps the best weights, and counts how long nothing got better. */
function judge(fitting: Fitting, stop: StopDescriptor, report: Report): void {
  const { state, session, descriptor } = fitting;
  const value = monitoredValue(stop.monitor, report);
  const higher = isBetterHigher(stop.monitor);
  const best = state.best?.value;
  const better =
    value !== null &&
    (best === undefined || (higher ? value > best + stop.minDelta : value < best - stop.minDelta));
  if (better) {
    state.best = { value, epoch: state.epoch, tensors: readTensors(session, weightNames(descriptor)) };
    state.wait = 0;
  } else if (++state.wait >= stop.patience) state.stopped = true;
}

/** `validation.loss`, `validation.TASK.loss` or `validation.TASK.METRIC`. */
function monitoredValue(monitor: string, report: Report): number | null {
  const [, task, measure] = monitor.split(".");
  if (measure === undefined) return report.loss;
  if (measure === "loss" && report.metrics[task!]?.["loss"] === undefined)
    return report.losses[task!] ?? null;
  return report.metrics[task!]?.[measure] ?? null;
}

function isBetterHigher(monitor: string): boolean {
  const measure = monitor.split(".")[2];
  return allMetrics.find((m) => m.name === measure)?.better === "higher";
}

/** Weights and library state: what predictions depend on. */
export function weightNames(descriptor: ModelDescriptor): string[] {
  return [...Object.keys(descriptor.weights), ...descriptor.state];
}

export function readTensors(session: Session, tensors: readonly string[]): Record<string, HostTensor> {
  return Object.fromEntries(tensors.map((name) => [name, session.read(name)]));
}

function putBackBest({ state, session, descriptor }: Fitting): void {
  state.last = readTensors(session, weightNames(descriptor));
  for (const [name, tensor] of Object.entries(state.best!.tensors)) session.write(name, tensor);
}
