import { judged } from "./criterion.js";
import type { Dataset } from "./dataset.js";
import type { ModelDescriptor, StopDescriptor, TaskDescriptor } from "./descriptor.js";
import { evaluateDataset, type Report } from "./evaluation.js";
import { batchCount, epochOrder } from "./order.js";
import { createPause } from "./pause.js";
import type { Pipelines } from "./pipeline.js";
import type { Session } from "./session.js";
import type { HostTensor } from "./tensor.js";
import { createStepper, meanLosses, newPartialEpoch, weightedLosses, type Training } from "./steps.js";
import type { PartialEpoch } from "./training-state.js";
import type { ModelTypes, OpenTypes } from "./types.js";

export interface StepEvent<T extends ModelTypes = OpenTypes> {
  /** Steps done, this one included. */
  readonly step: number;
  readonly epoch: number;
  /** Each task's loss, unweighted; null where the batch has no label of it. */
  readonly losses: T["losses"];
  /** The same, times what the balancer made it count for in the step: the static weight where it says nothing else. */
  readonly weighted: T["losses"];
}

export interface EpochEvent<T extends ModelTypes = OpenTypes> {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  readonly step: number;
  /** Means over the epoch's rows. */
  readonly losses: T["losses"];
  /** The same, times what the balancer made them count for in each step. */
  readonly weighted: T["losses"];
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

export interface Fitting extends Training {
  readonly pipelines: Pipelines;
  readonly validation: Dataset | undefined;
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
  const stepsPerEpoch = Math.ceil(batchCount(training, { ...train, batch }) / train.accumulate);
  const lastEpoch = options.resume ? epochs : state.epoch + epochs;
  const run: Run = {
    pause: createPause(),
    totalSteps: state.step - stepsDone(fitting, batch) + Math.max(0, lastEpoch - state.epoch) * stepsPerEpoch,
  };
  const events: EpochEvent[] = [];
  const stop = fitting.validation ? train.stop : null;
  let ended: FitResult["stopped"] = state.stopped ? "early" : "finished";
  while (state.epoch < lastEpoch && !state.stopped) {
    if (options.signal?.aborted) {
      ended = "aborted";
      break;
    }
    const sums = await runEpoch(fitting, options, batch, run);
    if (!sums) {
      ended = "aborted";
      break;
    }
    state.epoch++;
    const validation = fitting.validation
      ? await evaluateDataset(descriptor, session, fitting.pipelines, fitting.validation)
      : undefined;
    const report = validation ?? (await measured(fitting));
    const losses = meanLosses(sums);
    const event: EpochEvent = {
      epoch: state.epoch,
      epochs: lastEpoch,
      step: state.step,
      losses,
      weighted: weightedLosses(sums),
      loss: weightedSum(descriptor.tasks, losses),
      metrics: report?.metrics ?? {},
      validation,
    };
    events.push(event);
    if (stop && validation) judge(fitting, stop, validation);
    await options.onEpochEnd?.(event);
    if (state.stopped) ended = "early";
  }
  const bestEpoch = state.best?.at;
  if (state.best && ended !== "aborted") putBackBest(fitting);
  return { epochs: events, bestEpoch, stopped: ended };
}

/** How many steps of the running epoch are done, where it was interrupted. */
function stepsDone({ descriptor, training, state, seed }: Fitting, batch: number): number {
  const { partial, epoch } = state;
  if (!partial) return 0;
  const { ends } = epochOrder(training, { ...descriptor.train, batch, seed, epoch });
  return Math.floor(ends.filter((end) => end <= partial.rows).length / descriptor.train.accumulate);
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

/** The losses of one epoch, or of the rest of an interrupted one; undefined where it is interrupted (then `partial` says how far it came). */
async function runEpoch(
  fitting: Fitting,
  options: FitOptions,
  batch: number,
  run: Run,
): Promise<PartialEpoch["sums"] | undefined> {
  const { descriptor, state, training, seed } = fitting;
  const { rows: order, ends } = epochOrder(training, {
    ...descriptor.train,
    batch,
    seed,
    epoch: state.epoch,
  });
  const partial = state.partial ?? newPartialEpoch(descriptor.tasks);
  state.partial = partial;
  const stepper = createStepper(fitting, order, partial, run.totalSteps);
  let next = ends.findIndex((end) => end > partial.rows);
  while (partial.rows < order.length) {
    const pause = run.pause();
    if (pause) await pause;
    if (options.signal?.aborted) return undefined;
    const working = stepper.batch(ends[next++]! - partial.rows);
    if (working) await working;
    if (partial.waiting.batches < descriptor.train.accumulate && partial.rows < order.length) continue;
    const updating = stepper.update();
    if (updating) await updating;
    state.step++;
    options.onStep?.({
      step: state.step,
      epoch: state.epoch + 1,
      losses: meanLosses(partial.waiting.sums),
      weighted: weightedLosses(partial.waiting.sums),
    });
    stepper.forget();
  }
  state.partial = undefined;
  return partial.sums;
}

/** Early stopping: keeps the best weights, and counts how long nothing got better. */
function judge(fitting: Fitting, stop: StopDescriptor, report: Report): void {
  const { state, session, descriptor } = fitting;
  const { value, higherIsBetter } = judged(stop, report, state.references);
  const best = state.best?.value;
  const better =
    value !== null &&
    (best === undefined || (higherIsBetter ? value > best + stop.minDelta : value < best - stop.minDelta));
  if (better) {
    state.best = { value, at: state.epoch, tensors: readTensors(session, weightNames(descriptor)) };
    state.wait = 0;
  } else if (++state.wait >= stop.patience) state.stopped = true;
}

/** Weights, library state and what a meta-training learns beside them: what predictions depend on. */
export function weightNames({ weights, state, meta }: ModelDescriptor): string[] {
  return [...Object.keys(weights), ...state, ...(meta?.learned ?? [])];
}

export function readTensors(session: Session, tensors: readonly string[]): Record<string, HostTensor> {
  return Object.fromEntries(tensors.map((name) => [name, session.read(name)]));
}

/** Puts the best weights in the place of the last ones, which are kept for going on. */
export function putBackBest({
  state,
  session,
  descriptor,
}: Pick<Fitting, "state" | "session" | "descriptor">): void {
  state.last = readTensors(session, weightNames(descriptor));
  for (const [name, tensor] of Object.entries(state.best!.tensors)) session.write(name, tensor);
}
