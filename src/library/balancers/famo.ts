import { type Builder, ops, type Value } from "../../tensor/index.js";
import { defineBalancer } from "../kinds/balancer.js";
import { option } from "../kinds/parameters.js";
import { nonNegative } from "../kinds/values.js";
import { dot, isPositive, LEAST_LOSS, lossesOf, maskedSoftmax, presenceOf, ratio, vector } from "./common.js";

export const famo = defineBalancer({
  name: "famo",
  doc: "Fast adaptive multi-task optimization (Liu, Feng, Stone and Liu 2023, algorithm 1): trains on the logarithms of the losses with weights z = softmax(ξ), scaled to the losses' own size; ξ learns, by adam, from how much each logarithm fell in the step, which costs a second forward pass. Static weights have no effect. A loss below 10⁻⁸ counts as that.",
  example: "balance: famo",
  parameters: {
    lr: option(nonNegative, "The learning rate of the adam of ξ.", 0.025),
    gamma: option(nonNegative, "The decay of ξ.", 0.001),
  },
  staticWeights: false,
  form: "factors",
  looksAt: "losses",
  state: (tasks, options) => [
    { name: "logits", shape: [tasks.length], initial: 0, adam: { lr: options.lr } },
  ],
  factors({ b, tasks, state }) {
    const weights = maskedSoftmax(b, state("logits"), presenceOf(b, tasks));
    const shares = ops.div(b, weights, bounded(b, lossesOf(b, tasks)));
    return { factors: ratio(b, shares, ops.sumAll(b, shares)) };
  },
  after({ b, tasks, options, state, adam }, losses) {
    const present = presenceOf(b, tasks);
    const logarithm = (x: Value) => ops.log(b, bounded(b, x));
    const fall = ops.sub(b, logarithm(lossesOf(b, tasks)), logarithm(vector(b, losses)));
    const weights = maskedSoftmax(b, state("logits"), present);
    // The derivative of Σ z·fall by ξ.
    const slope = ops.mul(b, weights, ops.sub(b, fall, dot(b, weights, fall)));
    const gradient = ops.add(b, slope, ops.mul(b, state("logits"), options.gamma));
    return { logits: adam("logits", gradient, isPositive(b, present)) };
  },
});

function bounded(b: Builder, losses: Value): Value {
  return ops.max(b, losses, LEAST_LOSS);
}
