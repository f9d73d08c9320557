import { defineGradientAlgorithm } from "../meta-entry.js";
import {
  adapt,
  initialRate,
  innerLr,
  innerSteps,
  learnedRates,
  order,
  queryAfter,
  rateOf,
  unroll,
} from "./common.js";

export const meta_sgd = defineGradientAlgorithm({
  name: "meta_sgd",
  doc: "Meta-SGD (Li, Zhou, Chen and Li 2017, algorithm 1): maml with a learning rate for every number of a weight, which begins at `inner_lr` and is learned as the weights are.",
  example: "algorithm: meta_sgd(inner_lr: 0.01)",
  parameters: { order, inner_steps: innerSteps, inner_lr: innerLr, unroll, adapt },
  adapts: "all",
  innerSteps: (options) => options.inner_steps,
  learned: (options, { adapting }) =>
    adapting.map(({ path, shape }) => ({ path: rateOf(path), shape, initializer: initialRate(options) })),
  adaptation: (context) => ({ rates: learnedRates(context) }),
  meta: (context) => queryAfter(context, learnedRates(context)),
});
