import { ops, type Builder, type Value } from "../../tensor/index.js";
import type { Component, Options, PathParameter } from "../entry.js";
import type { TaskContext, TaskOutcome } from "../meta-entry.js";
import { component, count, flag, nonNegative, option } from "../schemas.js";

export const order = option(
  "order",
  { enum: [1, 2] },
  "2 differentiates through the inner steps; 1 takes their gradients as constants.",
  2,
);
export const innerSteps = option("inner_steps", count, "Steps of the inner loop.", 1);
export const innerLr = option("inner_lr", nonNegative, "The learning rate of the inner loop.", 0.01);
export const unroll = option(
  "unroll",
  flag,
  "Whether every inner step is kept for the way back; without it a loop keeps the weights between steps and computes the rest again.",
  true,
);
export const adapt: PathParameter = {
  kind: "path",
  name: "adapt",
  list: true,
  doc: "The weights that adapt.",
  default: null,
};

/** The same rate for every adapting weight. */
export function oneRate({ b, adapting, options }: Pick<TaskContext, "b" | "adapting" | "options">): Value[] {
  const rate = ops.scalar(b, options.number("inner_lr"));
  return adapting.map(() => rate);
}

/** The query's loss after the inner steps is what is to become small. */
export function queryAfter(context: TaskContext, rates: readonly Value[]): TaskOutcome {
  const { options } = context;
  const trajectory = context.descend({
    steps: options.number("inner_steps"),
    rates,
    second: isSecond(options),
  });
  const loss = context.queryLoss(trajectory.at(-1)!);
  return { loss, objective: loss };
}

export function isSecond(options: Options): boolean {
  return options.number("order") === 2;
}

/** A scalar whose gradients by the weights are these vectors. */
export function pulling(b: Builder, weights: readonly Value[], gradients: readonly Value[]): Value {
  return weights
    .map((weight, i) => ops.sumAll(b, ops.mul(b, weight, ops.detach(b, gradients[i]!))))
    .reduce((sum, term) => ops.add(b, sum, term));
}

/** The name of a weight's learned rate. */
export function rateOf(path: string): string {
  return `rate/${path}`;
}

/** Where a learned rate begins. */
export function initialRate(options: Options): Component {
  return component("constant", { value: options.number("inner_lr") });
}

/** The learned rate of every adapting weight. */
export function learnedRates({ adapting, learned }: Pick<TaskContext, "adapting" | "learned">): Value[] {
  return adapting.map(({ path }) => learned(rateOf(path)));
}
