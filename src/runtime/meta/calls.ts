import { readTensors } from "../best-weights.js";
import { writeClock } from "../clock.js";
import type { Column } from "../dataset.js";
import type { MetaDescriptor } from "../descriptor.js";
import { InputError } from "../errors.js";
import { names } from "../programs.js";
import type { PreparedCall, Session } from "../session.js";
import type { HostTensor } from "../tensor.js";
import type { TrainingState } from "../training-state.js";
import type { MetaValidation } from "./api.js";

/** Writes a meta-step's position in training into a program's arguments. */
export function writeMetaClock(call: PreparedCall, seed: number, { step, rate }: TrainingState): void {
  writeClock(call.arguments, { seed, step, epoch: 0, rate });
}

/** Whether validation tasks are evaluated after a meta-step. */
export function isDue({ every }: Pick<MetaValidation, "every">, step: number, last: number): boolean {
  return step === last || step % (every ?? Math.max(1, Math.round(last / 20))) === 0;
}

export function writeNumbers(call: PreparedCall, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) {
    const to = call.arguments[name];
    if (to) to[0] = value;
  }
}

export function writeColumns(call: PreparedCall, columns: ReadonlyMap<string, Column>, prefix: string): void {
  for (const [name, { data }] of columns) {
    const to = call.arguments[prefix + name];
    if (to) to.set(data);
  }
}

/** Throws an InputError where an algorithm cannot adapt to so many rows, or in so many steps. */
export function checkSupport({ innerSteps, capacity }: MetaDescriptor, rows: number, steps: number): void {
  if (innerSteps === 0 && steps > 0) throw new InputError("the algorithm has no inner steps.");
  if (capacity !== null && rows > capacity)
    throw new InputError(`a support has at most ${capacity} rows, as in training; this has ${rows}.`);
}

/** The weights that were adapted to a task, by name. */
export function adaptedState(session: Session): ReadonlyMap<string, HostTensor> {
  const ofTask = session.stateNames().filter((name) => name.startsWith(names.adapted("")));
  return readTensors(session, ofTask);
}
