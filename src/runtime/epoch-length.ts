import type { Dataset } from "./dataset.js";
import type { FitOptions } from "./fit-api.js";
import { batchCount, epochOrder, type EpochOrder } from "./order.js";
import type { Training } from "./steps.js";

type Fitting = Omit<Training, "training" | "session">;

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
export function scheduleLength(
  fitting: Fitting,
  training: Dataset,
  options: FitOptions,
  lastEpoch: number,
): number {
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

export function orderOf(fitting: Fitting, training: Dataset, options: FitOptions): EpochOrder {
  const { descriptor, state, seed } = fitting;
  const batch = batchSize(fitting, training, options);
  return epochOrder(training, { ...descriptor.train, batch, seed, epoch: state.epoch });
}
