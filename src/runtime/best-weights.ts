import { judged } from "./criterion.js";
import type { ModelDescriptor, StopDescriptor } from "./descriptor.js";
import type { Report } from "./evaluation.js";
import type { Session } from "./session.js";
import type { HostTensor } from "./tensor.js";
import type { TrainingState } from "./training-state.js";

/** What keeping and restoring the best weights works on. */
interface Holding {
  readonly descriptor: ModelDescriptor;
  readonly session: Session;
  readonly state: TrainingState;
}

/** Early stopping: keeps the best weights, and counts epochs without improvement. */
export function judge(fitting: Holding, stop: StopDescriptor, report: Report): void {
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

/** Names of all state that predictions depend on: weights, library state, and what a meta-training learns besides. */
export function weightNames({ weights, state, meta }: ModelDescriptor): string[] {
  return [...Object.keys(weights), ...state, ...(meta?.learned ?? [])];
}

/** Copies of these states by their names. */
export function readTensors(session: Session, tensors: readonly string[]): Map<string, HostTensor> {
  return new Map(tensors.map((name) => [name, session.read(name)]));
}

/** Restores the weights that training ended with, if the best ones have replaced them. */
export function goOn({ state, session }: Pick<Holding, "state" | "session">): void {
  const { last } = state;
  if (!last) return;
  for (const [name, tensor] of last) session.write(name, tensor);
  state.last = undefined;
}

/** Replaces the last weights by the best ones; the last ones are kept, as training resumes from them. */
export function putBackBest({ state, session, descriptor }: Holding): void {
  state.last = readTensors(session, weightNames(descriptor));
  for (const [name, tensor] of state.best?.tensors ?? []) session.write(name, tensor);
}
