import { ops } from "../../tensor/index.js";
import { learningRate } from "../declarations.js";
import { defineOptimizer } from "../kinds/optimizer.js";
import { option } from "../kinds/parameters.js";
import { flag, rate } from "../kinds/values.js";

export const sgd = defineOptimizer({
  name: "sgd",
  doc: "Stochastic gradient descent: w ← w - lr · g; with `momentum` μ: v ← μ·v - lr·g, w ← w + v, and with `nesterov`: w ← w + μ·v - lr·g (Keras: SGD).",
  example: "optimizer: sgd(lr: 0.01, momentum: 0.9)",
  parameters: {
    lr: learningRate(0.01),
    momentum: option(rate, "The share of the velocity that is kept.", 0),
    nesterov: option(flag, "Whether the gradient is looked at ahead.", false),
  },
  slots: (options) => (options.momentum > 0 ? ["velocity"] : []),
  update: ({ b, options, weight, gradient, slots, lr }) => {
    const scaled = ops.mul(b, gradient, lr);
    const rate = options.momentum;
    if (rate === 0) return { weight: ops.sub(b, weight, scaled), slots: {} };
    const velocity = ops.sub(b, ops.mul(b, slots.velocity, rate), scaled);
    const move = options.nesterov ? ops.sub(b, ops.mul(b, velocity, rate), scaled) : velocity;
    return { weight: ops.add(b, weight, move), slots: { velocity } };
  },
});
