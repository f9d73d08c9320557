import type { BalancerEntry } from "../entry.js";

/** Whether a balancer needs the tasks' gradients of weights that they share. */
export function looksAtGradients(entry: BalancerEntry): boolean {
  return entry.form === "direction" || (entry.form === "factors" && entry.looksAt === "gradients");
}

/** Whether a balancer needs the losses of the same batch again after the step. */
export function looksAfter(entry: BalancerEntry): boolean {
  return entry.form === "factors" && entry.after !== undefined;
}
