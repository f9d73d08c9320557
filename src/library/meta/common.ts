import { type Builder, ops, type Value } from "../../tensor/index.js";
import { component } from "../declarations.js";
import type { Component } from "../entry.js";
import { lastOf, pairs } from "../lists.js";
import { option, optionalPaths } from "../kinds/parameters.js";
import { count, flag, nonNegative, oneOf } from "../kinds/values.js";
import type { TaskContext, TaskOutcome } from "../meta-entry.js";

export const order = option(
  oneOf([1, 2]),
  "2 differentiates through the inner steps; 1 takes their gradients as constants.",
  2,
);
export const innerSteps = option(count, "Steps of the inner loop.", 1);
export const innerLr = option(nonNegative, "The learning rate of the inner loop.", 0.01);
export const unroll = option(
  flag,
  "Whether every inner step is kept for the way back; without it a loop keeps the weights between steps and computes the rest again.",
  true,
);
export const adapt = optionalPaths("The weights that adapt.");

/** Options of the inner loop, as far as an algorithm has them. */
type Inner = { readonly inner_lr: number };

/** The same rate for every adapting weight. */
export function oneRate({
  b,
  adapting,
  options,
}: Pick<TaskContext<Inner>, "b" | "adapting" | "options">): Value[] {
  const rate = ops.scalar(b, options.inner_lr);
  return adapting.map(() => rate);
}

/** The objective is the query's loss after the inner steps. */
export function queryAfter(
  context: TaskContext<{ readonly order: 1 | 2; readonly inner_steps: number }>,
  rates: readonly Value[],
): TaskOutcome {
  const { options } = context;
  const trajectory = context.descend({
    steps: options.inner_steps,
    rates,
    second: options.order === 2,
  });
  const loss = context.queryLoss(lastOf(trajectory));
  return { loss, objective: loss };
}

/** A scalar whose gradients by the weights are these vectors. */
export function pulling(b: Builder, weights: readonly Value[], gradients: readonly Value[]): Value {
  return pairs(weights, gradients)
    .map(([weight, gradient]) => ops.sumAll(b, ops.mul(b, weight, ops.detach(b, gradient))))
    .reduce((sum, term) => ops.add(b, sum, term));
}

/** The name of a weight's learned rate. */
export function rateOf(path: string): string {
  return `rate/${path}`;
}

/** Where a learned rate begins. */
export function initialRate(options: Inner): Component {
  return component("constant", { value: options.inner_lr });
}

/** The learned rate of every adapting weight. */
export function learnedRates({ adapting, learned }: Pick<TaskContext, "adapting" | "learned">): Value[] {
  return adapting.map(({ path }) => learned(rateOf(path)));
}
