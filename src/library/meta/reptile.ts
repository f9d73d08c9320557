import { ops } from "../../tensor/index.js";
import { lastOf, pairs } from "../lists.js";
import { option } from "../kinds/parameters.js";
import { nonNegative } from "../kinds/values.js";
import { defineGradientAlgorithm } from "../meta-entry.js";
import { adapt, innerLr, innerSteps, oneRate, pulling, unroll } from "./common.js";

export const reptile = defineGradientAlgorithm({
  name: "reptile",
  doc: "Reptile (Nichol, Achiam and Schulman 2018, algorithm 2): θ += epsilon · mean(φ − θ), where φ is θ after `inner_steps` steps on support and query together. A named optimizer takes θ − φ as the gradient instead.",
  example: "algorithm: reptile(inner_steps: 5, inner_lr: 0.02, epsilon: 0.1)",
  parameters: {
    inner_steps: innerSteps,
    inner_lr: innerLr,
    epsilon: option(nonNegative, "The outer step.", 0.1),
    unroll,
    adapt,
  },
  adapts: "all",
  innerSteps: (options) => options.inner_steps,
  outer: (options) => ({ name: "sgd", options: { lr: options.epsilon } }),
  adaptation: (context) => ({ rates: oneRate(context) }),
  meta(context) {
    const { b, options, adapting } = context;
    const trajectory = context.descend({
      steps: options.inner_steps,
      rates: oneRate(context),
      second: false,
      on: "all",
    });
    const last = lastOf(trajectory);
    const weights = adapting.map(({ value }) => value);
    const away = pairs(weights, last).map(([weight, adapted]) => ops.sub(b, weight, adapted));
    return { loss: context.queryLoss(last), objective: pulling(b, weights, away) };
  },
});
