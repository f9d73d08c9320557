import { judged } from "./criterion.js";
import type { Dataset } from "./dataset.js";
import type { ModelDescriptor, StopDescriptor, TaskDescriptor } from "./descriptor.js";
import { InputError } from "./errors.js";
import { evaluateDataset, type Report } from "./evaluation.js";
import { batchCount, epochOrder, type EpochOrder } from "./order.js";
import { createPause, isPromise, unlessAborted } from "./pause.js";
import type { Pipelines } from "./pipeline.js";
import type { Session } from "./session.js";
import type { HostTensor } from "./tensor.js";
import { createStepper, meanLosses, newPartialEpoch, weightedLosses, type Training } from "./steps.js";
import type { PartialEpoch, TrainingState } from "./training-state.js";
import type { Turns } from "./turns.js";
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
  /** The spec's by default. With `resume` all there are to be, those before included. */
  readonly epochs?: number;
  readonly batch?: number | "full";
  /** How many rows an epoch has, where data are a function of it: schedules are as long as these say. The first epoch's by default. */
  readonly rows?: number;
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
  readonly stopped: "finished" | "early" | "aborted";
  /** Why nothing was done, where `resume` found nothing left to do. */
  readonly note?: string;
}

/** `training` are the rows of the first epoch that is to come. */
export interface Fitting extends Training {
  /** The rows of a later one, from 1; undefined where they are the same in each. */
  readonly rowsOf: ((epoch: number) => Promise<Dataset>) | undefined;
  readonly turns: Turns;
  readonly pipelines: Pipelines;
  readonly validation: Dataset | undefined;
}

/** What one call of `fit` keeps from epoch to epoch. */
interface Run {
  /** Rows of a usual epoch, by which the length of schedules is reckoned. */
  readonly totalSteps: number;
  readonly pause: ReturnType<typeof createPause>;
}

/** The training loop: epochs of shuffled batches, evaluation, early stopping on the best weights. */
export async function runFit(fitting: Fitting, options: FitOptions): Promise<FitResult> {
  const { descriptor, state, turns } = fitting;
  const begun = options.resume && options.epochs !== undefined ? 0 : state.start.epoch;
  const lastEpoch = begun + (options.epochs ?? descriptor.train.epochs);
  const note = options.resume ? nothingLeft(state, lastEpoch) : undefined;
  // The model then stays as it is, with weights that were set meanwhile.
  if (note !== undefined)
    return { epochs: [], bestEpoch: state.best?.at, stopped: state.stopped ? "early" : "finished", note };
  const events: EpochEvent[] = [];
  let ended: FitResult["stopped"] = "finished";
  if (options.signal?.aborted) ended = "aborted";
  else if (state.epoch < lastEpoch) {
    await turns.run(() => goOn(fitting));
    let rows: Dataset | undefined = fitting.training;
    const run: Run = {
      totalSteps: scheduleLength(fitting, rows, options, lastEpoch),
      pause: createPause(),
    };
    for (;;) {
      const training: Dataset | undefined = rows;
      const partial = training && (await runEpoch(fitting, training, options, run));
      if (!partial) {
        ended = "aborted";
        break;
      }
      const event = await turns.run(() => endEpoch(fitting, training, partial, lastEpoch));
      events.push(event);
      await options.onEpochEnd?.(event);
      if (state.stopped) ended = "early";
      if (state.stopped || state.epoch >= lastEpoch) break;
      rows = await nextRows(fitting, options);
    }
  }
  const bestEpoch = state.best?.at;
  if (state.best && ended !== "aborted") await turns.run(() => putBackBest(fitting));
  return { epochs: events, bestEpoch, stopped: ended };
}

/** The rows of the next epoch; undefined where the training is aborted. */
async function nextRows(
  { training, rowsOf, state }: Fitting,
  { signal }: FitOptions,
): Promise<Dataset | undefined> {
  if (signal?.aborted) return undefined;
  return rowsOf ? unlessAborted(rowsOf(state.epoch + 1), signal) : training;
}

function nothingLeft(state: TrainingState, lastEpoch: number): string | undefined {
  if (state.stopped)
    return `early stopping ended the training after ${state.epoch} epochs, so there is nothing left to do; leave \`resume\` away to begin another one.`;
  if (state.epoch < lastEpoch) return undefined;
  return `${state.epoch} epochs are done, so there is nothing left to do; \`epochs\` is how many there are to be, those before included.`;
}

/** Throws an InputError where an option is no number of its kind. */
export function checkFitOptions({ epochs, batch, rows }: FitOptions): void {
  const whole = (name: string, value: unknown, least: number) => {
    if (Number.isSafeInteger(value) && (value as number) >= least) return;
    throw new InputError(`${name} is a whole number of at least ${least}, not ${String(value)}.`);
  };
  if (epochs !== undefined) whole("epochs", epochs, 0);
  if (batch !== undefined && batch !== "full") whole("batch (or `full`)", batch, 1);
  if (rows !== undefined) whole("rows", rows, 1);
}

/** The rows of a batch of this epoch. */
function batchSize(
  { descriptor }: Fitting,
  { rows }: { readonly rows: number },
  { batch }: FitOptions,
): number {
  const wanted = batch ?? descriptor.train.batch;
  return wanted === "full" ? rows : Math.min(wanted, Math.max(1, rows));
}

/** The steps of the whole training, as far as they can be known from its first epoch. */
function scheduleLength(fitting: Fitting, training: Dataset, options: FitOptions, lastEpoch: number): number {
  const { state, descriptor } = fitting;
  const { train } = descriptor;
  const rows = options.rows ?? training.rows;
  const counted = options.rows === undefined ? training : { rows };
  const batch = batchSize(fitting, { rows }, options);
  const stepsPerEpoch = Math.ceil(batchCount(counted, { ...train, batch }) / train.accumulate);
  const before = state.step - state.start.step - stepsDone(fitting, training, options);
  return before + (lastEpoch - state.epoch) * stepsPerEpoch;
}

/** How many steps of the running epoch are done, where it was interrupted. */
function stepsDone(fitting: Fitting, training: Dataset, options: FitOptions): number {
  const { descriptor, state } = fitting;
  if (!state.partial) return 0;
  const { rows } = state.partial;
  const { ends } = orderOf(fitting, training, options);
  const done = ends.filter((end) => end <= rows).length - state.partial.waiting.batches;
  return Math.ceil(done / descriptor.train.accumulate);
}

function orderOf(fitting: Fitting, training: Dataset, options: FitOptions): EpochOrder {
  const { descriptor, state, seed } = fitting;
  const batch = batchSize(fitting, training, options);
  return epochOrder(training, { ...descriptor.train, batch, seed, epoch: state.epoch });
}

/** Counts an epoch whose steps are done, and looks at what has come of it. */
async function endEpoch(
  fitting: Fitting,
  training: Dataset,
  { sums }: PartialEpoch,
  lastEpoch: number,
): Promise<EpochEvent> {
  const { descriptor, session, pipelines, state } = fitting;
  state.partial = undefined;
  state.epoch++;
  const validation = fitting.validation
    ? await evaluateDataset(descriptor, session, pipelines, fitting.validation)
    : undefined;
  const measures = descriptor.tasks.some((task) => task.metrics.length > 0);
  const report =
    validation ?? (measures ? await evaluateDataset(descriptor, session, pipelines, training) : undefined);
  if (descriptor.train.stop && validation) judge(fitting, descriptor.train.stop, validation);
  const losses = meanLosses(sums);
  return {
    epoch: state.epoch,
    epochs: lastEpoch,
    step: state.step,
    losses,
    weighted: weightedLosses(sums),
    loss: weightedSum(descriptor.tasks, losses),
    metrics: report?.metrics ?? {},
    validation,
  };
}

function weightedSum(
  tasks: readonly TaskDescriptor[],
  losses: Readonly<Record<string, number | null>>,
): number {
  return tasks.reduce((sum, task) => sum + task.weight * (losses[task.name] ?? 0), 0);
}

/**
 * The steps of one epoch, or of the rest of an interrupted one. Gives back its sums, which the training state keeps until the epoch
 * is counted; undefined where it is interrupted.
 */
async function runEpoch(
  fitting: Fitting,
  training: Dataset,
  options: FitOptions,
  run: Run,
): Promise<PartialEpoch | undefined> {
  const { descriptor, state, session, seed, turns } = fitting;
  const { rows: order, ends } = orderOf(fitting, training, options);
  const partial = state.partial ?? newPartialEpoch(descriptor.tasks);
  state.partial = partial;
  const stepper = createStepper({ descriptor, session, state, seed, training }, order, partial, run);
  const { accumulate } = descriptor.train;
  const first = ends.findIndex((end) => end > partial.rows);
  for (let next = first < 0 ? ends.length : first; next < ends.length;) {
    const pause = run.pause();
    if (pause) await pause;
    if (options.signal?.aborted) return undefined;
    // Where nothing has to be waited for, a step makes no promise.
    const turn = turns.take();
    if (turn) await turn;
    try {
      do {
        const working = stepper.batch(ends[next++]! - partial.rows);
        if (working) await working;
      } while (partial.waiting.batches < accumulate && next < ends.length);
      const updating = stepper.update();
      if (updating) await updating;
      state.step++;
    } finally {
      turns.give();
    }
    const { sums } = partial.waiting;
    const event = options.onStep && stepEvent(state, meanLosses(sums), weightedLosses(sums));
    stepper.forget();
    const told = event && options.onStep(event);
    if (isPromise(told)) await told;
  }
  return partial;
}

export function stepEvent(
  { step, epoch }: TrainingState,
  losses: StepEvent["losses"],
  weighted: StepEvent["losses"],
): StepEvent {
  return { step, epoch: epoch + 1, losses, weighted };
}

/** Early stopping: keeps the best weights, and counts how long nothing got better. */
function judge(fitting: Fitting, stop: StopDescriptor, report: Report): void {
  const { state, session, descriptor } = fitting;
  const { value, measured, higherIsBetter } = judged(stop, report, state.references);
  if (!measured) return;
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

/** Puts back what training stood at, where the best weights have taken its place. */
export function goOn({ state, session }: Pick<Fitting, "state" | "session">): void {
  const { last } = state;
  if (!last) return;
  for (const [name, tensor] of Object.entries(last)) session.write(name, tensor);
  state.last = undefined;
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
