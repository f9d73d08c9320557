import { names } from "./programs.js";
import type { PreparedCall } from "./session.js";

/** The step's position in training, which random numbers, schedules and Adam's correction depend on. */
export interface ClockValues {
  readonly seed: number;
  /** Steps and epochs since the weights began. */
  readonly step: number;
  readonly epoch: number;
  /** The position in the current schedule, and how long that is. */
  readonly rate: Readonly<RatePosition>;
  /** A learning rate that replaces the schedule's. */
  readonly lr?: number | undefined;
}

/** A place in a schedule of learning rates. */
export interface RatePosition {
  step: number;
  epoch: number;
  totalSteps: number;
}

/** A rate below 0 stands for the schedule's own. */
const AS_SCHEDULED = -1;

export function writeClock(
  to: PreparedCall["arguments"],
  { seed, step, epoch, rate, lr }: ClockValues,
): void {
  put(to, names.seed, seed);
  put(to, names.step, step);
  put(to, names.epoch, epoch);
  put(to, names.scheduleStep, rate.step);
  put(to, names.scheduleEpoch, rate.epoch);
  put(to, names.totalSteps, rate.totalSteps);
  put(to, names.lr, lr ?? AS_SCHEDULED);
}

function put(to: PreparedCall["arguments"], name: string, value: number): void {
  const at = to[name];
  if (at) at[0] = value;
}
