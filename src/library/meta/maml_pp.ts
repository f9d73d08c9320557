import { type Builder, ops, type Value } from "../../tensor/index.js";
import { lastOf, pairs } from "../lists.js";
import { option } from "../kinds/parameters.js";
import { steps } from "../kinds/values.js";
import { defineGradientAlgorithm } from "../meta-entry.js";
import { adapt, initialRate, innerLr, innerSteps, learnedRates, rateOf, unroll } from "./common.js";

export const maml_pp = defineGradientAlgorithm({
  name: "maml_pp",
  doc: "MAML++ (Antoniou, Edwards and Storkey 2019, section 4): the query's loss after every inner step counts, in shares that go from equal ones to the last alone within `multi_step` meta-steps; every weight has a learned rate for each inner step; the first `first_order` meta-steps are of first order. Later inner steps than were trained use the last rate.",
  example: "algorithm: maml_pp(inner_steps: 5, inner_lr: 0.01)",
  parameters: {
    inner_steps: innerSteps,
    inner_lr: innerLr,
    multi_step: option(steps, "Meta-steps until only the last inner step's loss counts.", 1000),
    first_order: option(steps, "Meta-steps before inner steps are differentiated through.", 0),
    unroll,
    adapt,
  },
  adapts: "all",
  innerSteps: (options) => options.inner_steps,
  learned: (options, { adapting }) =>
    adapting.map(({ path }) => ({
      path: rateOf(path),
      shape: [options.inner_steps],
      initializer: initialRate(options),
    })),
  adaptation: (context) => ({ rates: learnedRates(context), perStep: true }),
  meta(context) {
    const { b, options, step } = context;
    const count = options.inner_steps;
    const first = options.first_order;
    const trajectory = context.descend({
      steps: count,
      rates: learnedRates(context),
      perStep: true,
      every: true,
      second: first === 0 ? true : ops.le(b, ops.scalar(b, first), step),
    });
    const losses = trajectory.map((values) => context.queryLoss(values));
    const shares = importance(b, count, step, options.multi_step);
    const objective = pairs(losses, shares)
      .map(([loss, share]) => ops.mul(b, loss, share))
      .reduce((sum, term) => ops.add(b, sum, term));
    return { loss: lastOf(losses), objective };
  },
});

/** Weights of the steps' losses: 1 / n each at first, all of it on the last step after `until` meta-steps. */
function importance(b: Builder, count: number, step: Value, until: number): Value[] {
  const done = until === 0 ? ops.scalar(b, 1) : ops.min(b, ops.div(b, step, until), 1);
  const early = ops.div(b, ops.sub(b, 1, done), count);
  const last = ops.sub(b, 1, ops.mul(b, early, count - 1));
  return Array.from({ length: count }, (_, k) => (k === count - 1 ? last : early));
}
