import { goOn, judge, putBackBest } from "./best-weights.js";
import type { Dataset } from "./dataset.js";
import type { TaskDescriptor } from "./descriptor.js";
import { divergenceNote, DivergenceWatch, lostIn, type Divergence } from "./divergence.js";
import { orderOf, scheduleLength } from "./epoch-length.js";
import { evaluateDataset } from "./evaluation.js";
import type { EpochEvent, FitOptions, FitResult, StepEvent } from "./fit-api.js";
import { own } from "./own.js";
import { createPause, isPromise, unlessAborted } from "./pause.js";
import type { Pipelines } from "./pipeline.js";
import { createStepper, meanLosses, newPartialEpoch, weightedLosses, type Training } from "./steps.js";
import type { PartialEpoch, TrainingState } from "./training-state.js";
import type { Turns } from "./turns.js";

/** `training` are the rows of the first epoch that is to come. */
export interface Fitting extends Training {
  /** Gives the rows of a later epoch, counted from 1; undefined where all epochs have the same. */
  readonly rowsOf: ((epoch: number) => Promise<Dataset>) | undefined;
  readonly turns: Turns;
  readonly pipelines: Pipelines;
  readonly validation: Dataset | undefined;
}

/** What one call of `fit` keeps from epoch to epoch. */
interface Run {
  /** The steps of the whole training, which are the length of its schedules. */
  readonly totalSteps: number;
  readonly pause: ReturnType<typeof createPause>;
  /** Undefined where the training goes on whatever happens. */
  readonly watch: DivergenceWatch | undefined;
}

/** The training loop: epochs of shuffled batches, evaluation, early stopping on the best weights. */
export async function runFit(fitting: Fitting, options: FitOptions): Promise<FitResult> {
  const { descriptor, state, turns } = fitting;
  const begun = options.resume && options.epochs !== undefined ? 0 : state.start.epoch;
  const lastEpoch = begun + (options.epochs ?? descriptor.train.epochs);
  const note = options.resume ? nothingLeft(state, lastEpoch) : undefined;
  // The model is left as it is, also weights that the caller has set.
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
      watch: descriptor.train.onDivergence === "continue" ? undefined : new DivergenceWatch(fitting),
    };
    for (;;) {
      const training: Dataset | undefined = rows;
      const partial = training && (await runEpoch(fitting, training, options, run));
      if (!partial) {
        ended = "aborted";
        break;
      }
      if ("step" in partial) return diverged(fitting, run, partial, events);
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

/** Gives the model its last finite weights, and tells why the training has ended. */
async function diverged(
  { turns, state }: Fitting,
  { watch }: Run,
  divergence: Divergence,
  epochs: readonly EpochEvent[],
): Promise<FitResult> {
  await turns.run(() => watch?.goBack());
  const bestEpoch = state.best?.at;
  const of = bestEpoch ?? (epochs.length > 0 ? state.epoch : undefined);
  const kept =
    of === undefined
      ? "the model has the weights that it began with"
      : `the weights are those of epoch ${of}`;
  return { epochs, bestEpoch, stopped: "diverged", divergence, note: divergenceNote(divergence, kept) };
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

/** Counts a finished epoch, evaluates it, and lets early stopping judge it. */
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
  return tasks.reduce((sum, task) => sum + task.weight * (own(losses, task.name) ?? 0), 0);
}

/**
 * Runs the steps of one epoch, or of the rest of an interrupted one. Returns its sums, which stay in the training state until
 * the epoch is counted; undefined if it was interrupted, and where it diverged if it did.
 */
async function runEpoch(
  fitting: Fitting,
  training: Dataset,
  options: FitOptions,
  run: Run,
): Promise<PartialEpoch | Divergence | undefined> {
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
    // Without others waiting for a turn a step allocates no promise.
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
    const lost = run.watch && lostIn(sums, state.step);
    if (lost) return lost;
    const event = options.onStep && stepEvent(state, meanLosses(sums), weightedLosses(sums));
    stepper.forget();
    const told = event && options.onStep(event);
    if (isPromise(told)) await told;
  }
  return run.watch?.keep() ?? partial;
}

export function stepEvent(
  { step, epoch }: TrainingState,
  losses: StepEvent["losses"],
  weighted: StepEvent["losses"],
): StepEvent {
  return { step, epoch: epoch + 1, losses, weighted };
}
