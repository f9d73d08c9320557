import { ops, type Value } from "../../tensor/index.js";
import type { OptimizerContext } from "../kinds/optimizer.js";
import { option, type OptionsOf } from "../kinds/parameters.js";
import { positive, rate } from "../kinds/values.js";

/** Options of the moments of adam and its kin. */
export const adamOptions = {
  beta_1: option(rate, "The share of the mean that is kept.", 0.9),
  beta_2: option(rate, "The share of the mean square that is kept.", 0.999),
  epsilon: { ...option(positive, "What is added to the root.", 1e-7), elsewhere: ["eps"] },
} as const;

type AdamOptions = OptionsOf<typeof adamOptions>;

/**
 * Adam (Kingma and Ba 2015, algorithm 1) in the efficient form of its section 2, as in Keras:
 * epsilon stands beside the uncorrected √v.
 */
export function adamStep({
  b,
  options,
  gradient,
  slots,
  lr,
  iteration,
}: OptimizerContext<AdamOptions, "m" | "v">): {
  move: Value;
  slots: { m: Value; v: Value };
} {
  const [beta1, beta2] = [options.beta_1, options.beta_2];
  const m = ops.add(b, ops.mul(b, slots.m, beta1), ops.mul(b, gradient, 1 - beta1));
  const v = ops.add(b, ops.mul(b, slots.v, beta2), ops.mul(b, ops.square(b, gradient), 1 - beta2));
  const correction1 = ops.sub(b, 1, ops.pow(b, ops.scalar(b, beta1), iteration));
  const correction2 = ops.sub(b, 1, ops.pow(b, ops.scalar(b, beta2), iteration));
  const size = ops.div(b, ops.mul(b, lr, ops.sqrt(b, correction2)), correction1);
  const move = ops.div(b, ops.mul(b, m, size), ops.add(b, ops.sqrt(b, v), options.epsilon));
  return { move, slots: { m, v } };
}
