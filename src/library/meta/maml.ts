import { defineGradientAlgorithm } from "../meta-entry.js";
import { adapt, innerLr, innerSteps, oneRate, order, queryAfter, unroll } from "./common.js";

export const maml = defineGradientAlgorithm({
  name: "maml",
  doc: "Model-agnostic meta-learning (Finn, Abbeel and Levine 2017, algorithm 2): the query's loss after `inner_steps` steps of gradient descent on the support, differentiated through these steps. `order: 1` is its first-order form.",
  example: "algorithm: maml(order: 2, inner_steps: 1, inner_lr: 0.01)",
  parameters: { order, inner_steps: innerSteps, inner_lr: innerLr, unroll, adapt },
  adapts: "all",
  innerSteps: (options) => options.inner_steps,
  adaptation: (context) => ({ rates: oneRate(context) }),
  meta: (context) => queryAfter(context, oneRate(context)),
});
