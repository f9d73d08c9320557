import { writeClock, type RatePosition } from "./clock.js";
import { feed, feedsOf, type Dataset } from "./dataset.js";
import type { ModelDescriptor, TaskDescriptor } from "./descriptor.js";
import { names } from "./programs.js";
import type { PreparedCall, Session } from "./session.js";
import {
  noLosses,
  type LossSums,
  type PartialEpoch,
  type TaskSums,
  type TrainingState,
} from "./training-state.js";

/** What training steps work on. */
export interface Training {
  readonly descriptor: ModelDescriptor;
  readonly session: Session;
  readonly training: Dataset;
  readonly state: TrainingState;
  readonly seed: number;
}

/** Runs the batches of one epoch. Its methods give a promise only where the engine has to be waited for. */
export interface Stepper {
  /** Runs the next rows of the order: adds up their losses, and applies or accumulates their gradients. */
  batch(rows: number): Promise<void> | undefined;
  /** Ends a step: applies the gradients, where they were accumulated over several batches. */
  update(): Promise<void> | undefined;
  /** Resets the loss sums for a new step. */
  forget(): void;
}

/** The names of a task's results, made once so that steps allocate nothing. */
interface TaskNames {
  readonly loss: string;
  readonly count: string;
  readonly factor: string;
  /** The factor of the loss where no balancer gives one. */
  readonly weight: number;
  /** For each source whether its rows are the task's; undefined where there is one source. */
  readonly own: readonly boolean[] | undefined;
}

/** The learning rate of steps. */
export interface Rating {
  /** The length of the schedule; undefined where steps stay at the last one's position in it. */
  readonly totalSteps?: number;
  /** In place of the schedule's rate. */
  readonly lr?: number | undefined;
}

export function createStepper(
  training: Training,
  order: Int32Array,
  partial: PartialEpoch,
  rating: Rating,
): Stepper {
  return new EpochStepper(training, order, partial, rating);
}

class EpochStepper implements Stepper {
  private readonly feeds: ReturnType<typeof feedsOf>;
  private readonly tasks: readonly TaskNames[];
  private readonly shares: Float64Array;
  private readonly clock: {
    seed: number;
    step: number;
    epoch: number;
    rate: RatePosition;
    lr: number | undefined;
  };
  private readonly accumulate: number;
  private readonly program: "gradients" | "step";

  constructor(
    private readonly training: Training,
    private readonly order: Int32Array,
    private readonly partial: PartialEpoch,
    private readonly rating: Rating,
  ) {
    const { descriptor, state, seed, training: rows } = training;
    this.accumulate = descriptor.train.accumulate;
    this.program = this.accumulate > 1 ? "gradients" : "step";
    this.feeds = feedsOf(rows);
    this.tasks = descriptor.tasks.map(({ name, weight }) => ({
      loss: names.loss(name),
      count: names.count(name),
      factor: names.factor(name),
      weight,
      own: rows.sources && descriptor.sources.map((source) => source.tasks.includes(name)),
    }));
    this.shares = new Float64Array(this.tasks.length).fill(1);
    this.clock = { seed, step: 0, epoch: state.epoch, rate: state.rate, lr: rating.lr };
  }

  batch(rows: number): Promise<void> | undefined {
    const { session, state } = this.training;
    const { partial, accumulate } = this;
    const call = session.prepare(this.program, rows);
    feed(this.feeds, this.order, partial.rows, rows, call.arguments);
    // With several batches a step the clock counts batches, so that each draws other random numbers.
    const step = accumulate > 1 ? state.step * accumulate + partial.waiting.batches : state.step;
    this.writeClock(call.arguments, step);
    const working = call.run();
    if (working) return working.then(() => this.took(call, rows));
    this.took(call, rows);
    return undefined;
  }

  update(): Promise<void> | undefined {
    if (this.accumulate === 1) return undefined;
    const { session, state } = this.training;
    const call = session.prepare("update", 1);
    this.writeClock(call.arguments, state.step);
    call.arguments[names.waitingRows]![0] = this.partial.waiting.rows;
    const working = call.run();
    if (working) return working.then(() => weighWaiting(this.tasks, call.results, this.partial));
    weighWaiting(this.tasks, call.results, this.partial);
    return undefined;
  }

  forget(): void {
    const { waiting } = this.partial;
    waiting.batches = 0;
    waiting.rows = 0;
    for (let i = 0; i < waiting.sums.length; i++) {
      const sums = waiting.sums[i]!;
      sums.sum = 0;
      sums.weighted = 0;
      sums.rows = 0;
      sums.labelled = 0;
    }
  }

  private writeClock(to: PreparedCall["arguments"], step: number): void {
    const { clock } = this;
    const { totalSteps } = this.rating;
    if (totalSteps !== undefined) {
      const { state } = this.training;
      clock.rate.step = state.step - state.start.step;
      clock.rate.epoch = state.epoch - state.start.epoch;
      clock.rate.totalSteps = totalSteps;
    }
    clock.step = step;
    writeClock(to, clock);
  }

  /** Counts a batch that is done. */
  private took(call: PreparedCall, rows: number): void {
    const { partial, tasks, shares } = this;
    this.share(rows);
    addLosses(tasks, call.results, shares, rows, partial.sums);
    // With one batch a step the sum is exactly the program's loss, without multiplying and dividing by rows.
    addLosses(tasks, call.results, shares, this.accumulate > 1 ? rows : 1, partial.waiting.sums);
    partial.rows += rows;
    partial.waiting.batches++;
    partial.waiting.rows += rows;
  }

  /** Computes which share of the batch's rows is of each task's sources. */
  private share(rows: number): void {
    const { sources } = this.training.training;
    if (!sources) return;
    const { of } = sources;
    for (let t = 0; t < this.tasks.length; t++) {
      const { own } = this.tasks[t]!;
      let count = 0;
      for (let i = 0; i < rows; i++) if (own?.[of[this.order[this.partial.rows + i]!]!]) count++;
      this.shares[t] = count / rows;
    }
  }
}

export function newPartialEpoch(tasks: readonly TaskDescriptor[]): PartialEpoch {
  return { rows: 0, sums: noLosses(tasks), waiting: { batches: 0, rows: 0, sums: noLosses(tasks) } };
}

/** Means over rows; null where no batch had a label of the task. */
export function meanLosses(sums: LossSums): Record<string, number | null> {
  return means(sums, ({ sum }) => sum);
}

/** Means over rows of the losses times their factors. */
export function weightedLosses(sums: LossSums): Record<string, number | null> {
  return means(sums, ({ weighted }) => weighted);
}

function means(sums: LossSums, of: (sums: TaskSums) => number): Record<string, number | null> {
  const found = sums.map((sum): [string, number | null] => [
    sum.task,
    sum.labelled > 0 ? of(sum) / sum.rows : null,
  ]);
  return Object.fromEntries(found);
}

/**
 * Adds a batch's losses. A batch without labels of a task adds rows and no loss, since the presence rate is over all rows of
 * the task's sources. `shares` is the share of rows from these sources: other rows do not count.
 */
function addLosses(
  tasks: readonly TaskNames[],
  results: PreparedCall["results"],
  shares: Float64Array,
  rows: number,
  sums: LossSums,
): void {
  for (let i = 0; i < tasks.length; i++) {
    const { loss, count, factor, weight } = tasks[i]!;
    const total = sums[i]!;
    total.rows += shares[i]! * rows;
    const present = results[count];
    if (present !== undefined && present[0] === 0) continue;
    const lost = results[loss]![0]! * rows;
    const weighed = results[factor];
    total.sum += lost;
    total.weighted += lost * (weighed === undefined ? weight : weighed[0]!);
    total.labelled++;
  }
}

/** Replaces static weights by the step's factors, which are known only after its last batch. */
function weighWaiting(
  tasks: readonly TaskNames[],
  results: PreparedCall["results"],
  { sums, waiting }: PartialEpoch,
): void {
  for (let i = 0; i < tasks.length; i++) {
    const { factor } = tasks[i]!;
    const weighed = results[factor];
    if (weighed === undefined) continue;
    const step = waiting.sums[i]!;
    const now = step.sum * weighed[0]!;
    sums[i]!.weighted += now - step.weighted;
    step.weighted = now;
  }
}
