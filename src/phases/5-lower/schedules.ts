import type { Json } from "../../library/entry.js";
import { entry as libraryEntry } from "../../library/index.js";
import { isComponent, readOptions } from "../../library/options.js";
import { names } from "./names.js";
import { ops, type Builder, type Value } from "../../tensor/index.js";

/** The scalars that say where a step stands. */
export interface Clock {
  readonly seed: Value;
  /** An int, for random numbers: steps since the weights began. */
  readonly step: Value;
  readonly stepNumber: Value;
  readonly epoch: Value;
  /** The step's position in the current training, which schedules depend on. */
  readonly scheduleStep: Value;
  readonly scheduleEpoch: Value;
  readonly totalSteps: Value;
  /** A learning rate that replaces the schedule's, unless it is negative. */
  readonly lr: Value;
}

export function clockArguments(b: Builder): Clock {
  const int = { dtype: "int", shape: [] } as const;
  const float = { dtype: "float", shape: [] } as const;
  const step = b.argument(names.step, int);
  return {
    seed: b.argument(names.seed, int),
    step,
    stepNumber: ops.cast(b, step, "float"),
    epoch: b.argument(names.epoch, float),
    scheduleStep: b.argument(names.scheduleStep, float),
    scheduleEpoch: b.argument(names.scheduleEpoch, float),
    totalSteps: b.argument(names.totalSteps, float),
    lr: b.argument(names.lr, float),
  };
}

/** The clock's scalars by their arguments' names, for a program that is put into another. */
export function clockByName(clock: Clock): ReadonlyMap<string, Value> {
  return new Map([
    [names.seed, clock.seed],
    [names.step, clock.step],
    [names.epoch, clock.epoch],
    [names.scheduleStep, clock.scheduleStep],
    [names.scheduleEpoch, clock.scheduleEpoch],
    [names.totalSteps, clock.totalSteps],
    [names.lr, clock.lr],
  ]);
}

/** The rate of a step: the one that it is given, else the schedule's. */
export function learningRate(b: Builder, schedule: Json, clock: Clock): Value {
  const own = evaluateSchedule(b, schedule, clock);
  return ops.select(b, ops.lt(b, clock.lr, ops.scalar(b, 0)), own, clock.lr);
}

/** A learning rate (a number or a schedule) at this step. */
function evaluateSchedule(
  b: Builder,
  schedule: Json,
  clock: Clock,
  step = clock.scheduleStep,
  totalSteps = clock.totalSteps,
): Value {
  if (typeof schedule === "number") return ops.scalar(b, schedule);
  if (!isComponent(schedule)) throw new Error("a learning rate is neither a number nor a schedule");
  const entry = libraryEntry("schedule", schedule.name);
  return entry.lower({
    b,
    step,
    totalSteps,
    epoch: clock.scheduleEpoch,
    options: readOptions(entry, schedule.options),
    evaluate: (inner, at, total) => evaluateSchedule(b, inner, clock, at, total),
  });
}
