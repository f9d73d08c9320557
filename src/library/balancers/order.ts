import { ops, type Value } from "../../tensor/index.js";
import type { StepBalancerContext } from "../entry.js";

/**
 * A random order of all tasks for each task, drawn anew in each step: shape [place, task, other], 1 where `other` has
 * that place in the order of `task`.
 */
export function randomOrders({ b, tasks, random }: StepBalancerContext): Value {
  const count = tasks.length;
  const order = ops.argsort(b, ops.uniform(b, random("order"), [count, count]), 1);
  return ops.transpose(b, ops.oneHot(b, order, count), [1, 0, 2]);
}
