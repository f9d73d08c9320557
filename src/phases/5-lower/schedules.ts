import type { Json } from "../../library/entry.js";
import { entry as libraryEntry } from "../../library/index.js";
import { isComponent, readOptions } from "../../library/options.js";
import { ops, type Builder, type Value } from "../../tensor/index.js";

/** The scalars that schedules are functions of. */
export interface Clock {
  readonly seed: Value;
  /** An int, for random numbers. */
  readonly step: Value;
  readonly stepNumber: Value;
  readonly totalSteps: Value;
  readonly epoch: Value;
  readonly lrScale: Value;
}

export function clockArguments(b: Builder): Clock {
  const int = { dtype: "int", shape: [] } as const;
  const float = { dtype: "float", shape: [] } as const;
  const step = b.argument("step", int);
  return {
    seed: b.argument("seed", int),
    step,
    stepNumber: ops.cast(b, step, "float"),
    totalSteps: b.argument("total_steps", float),
    epoch: b.argument("epoch", float),
    lrScale: b.argument("lr_scale", float),
  };
}

/** A learning rate (a number or a schedule) at this step. */
export function evaluateSchedule(
  b: Builder,
  schedule: Json,
  clock: Clock,
  step = clock.stepNumber,
  totalSteps = clock.totalSteps,
): Value {
  if (typeof schedule === "number") return ops.scalar(b, schedule);
  if (!isComponent(schedule)) throw new Error("a learning rate is neither a number nor a schedule");
  const entry = libraryEntry("schedule", schedule.name);
  return entry.lower({
    b,
    step,
    totalSteps,
    epoch: clock.epoch,
    options: readOptions(entry, schedule.options),
    evaluate: (inner, at, total) => evaluateSchedule(b, inner, clock, at, total),
  });
}
