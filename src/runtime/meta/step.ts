import type { Dataset } from "../dataset.js";
import type { MetaDescriptor, ModelDescriptor } from "../descriptor.js";
import { InputError } from "../errors.js";
import { encodeData, type Encoded } from "../raw-data.js";
import { names } from "../programs.js";
import { resultOf, type PreparedCall, type Session } from "../session.js";
import type { TrainingState } from "../training-state.js";
import { writeColumns, writeMetaClock, writeNumbers } from "./calls.js";
import type { Episode } from "./episodes.js";

/** A task as numbers. */
export interface EncodedEpisode {
  readonly support: Encoded;
  readonly query: Encoded;
  readonly classes: Episode["classes"];
}

/** A task as the programs take it. */
export interface ReadyEpisode {
  readonly support: Dataset["arguments"];
  readonly query: Dataset["arguments"];
  /** The classes' indices in training, if the algorithm reads them. */
  readonly classes: Episode["classes"];
}

/** Encodes a task; throws an InputError unless it has the sizes that the programs were made for. */
export function encodeEpisode(
  descriptor: ModelDescriptor,
  meta: MetaDescriptor,
  { support, query, classes }: Episode,
): EncodedEpisode {
  const rows = { support: encodeData(descriptor, support, true), query: encodeData(descriptor, query, true) };
  for (const part of ["support", "query"] as const) {
    const wanted = meta[part];
    if (rows[part].rows !== wanted)
      throw new InputError(`the task's ${part} has ${rows[part].rows} rows, not ${wanted}.`);
  }
  return { ...rows, classes };
}

interface MetaStep {
  readonly session: Session;
  readonly state: TrainingState;
  readonly seed: number;
  /** The number of the training's last step. */
  readonly last: number;
  readonly pause: () => Promise<void> | undefined;
}

/** One step of the outer optimizer: the tasks' gradients, one after the other, and the update. Returns the mean of their losses. */
export async function takeMetaStep(
  { session, state, seed, last, pause }: MetaStep,
  episodes: readonly ReadyEpisode[],
): Promise<number> {
  const from = state.start.step;
  state.rate = { step: state.step - from, epoch: 0, totalSteps: last - from };
  let sum = 0;
  for (const [k, episode] of episodes.entries()) {
    const waiting = pause();
    if (waiting) await waiting;
    const call = session.prepare("gradients", 1);
    writeMetaClock(call, seed, state);
    writeNumbers(call, { [names.taskNumber]: k });
    writeEpisode(call, episode);
    const working = call.run();
    if (working) await working;
    sum += resultOf(call, names.metaLoss)[0] ?? Number.NaN;
  }
  const update = session.prepare("update", 1);
  writeMetaClock(update, seed, state);
  writeNumbers(update, { [names.waitingRows]: episodes.length });
  const working = update.run();
  if (working) await working;
  return sum / episodes.length;
}

function writeEpisode(call: PreparedCall, { support, query, classes }: ReadyEpisode): void {
  if (classes) call.arguments[names.classNumbers]?.set(classes);
  writeColumns(call, support, "support/");
  writeColumns(call, query, "query/");
}
