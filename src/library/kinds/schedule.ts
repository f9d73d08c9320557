import type { Builder, Value } from "../../tensor/index.js";
import type { Component, Options } from "./component.js";
import type { Definition, Entry } from "./entry.js";
import { listed, type Declarations, type OptionsOf } from "./parameters.js";

export interface ScheduleContext<O extends Options = Options> {
  readonly b: Builder;
  /** Float scalars: steps taken, steps in all, epochs done. */
  readonly step: Value;
  readonly totalSteps: Value;
  readonly epoch: Value;
  readonly options: O;
  /** The value of another schedule, or of a plain number, at `step` out of `totalSteps`. */
  evaluate(schedule: number | Component, step: Value, totalSteps: Value): Value;
}

export interface ScheduleEntry<O extends Options = Options> extends Entry<O> {
  readonly kind: "schedule";
  lower(context: ScheduleContext<O>): Value;
}

export function defineSchedule<const P extends Declarations>(
  definition: Definition<ScheduleEntry<OptionsOf<NoInfer<P>>>, P>,
): ScheduleEntry<OptionsOf<P>> {
  return { ...definition, kind: "schedule", parameters: listed(definition.parameters) };
}
