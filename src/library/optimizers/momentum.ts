import { ops } from "../../tensor/index.js";
import type { OptimizerEntry } from "../entry.js";
import { flag, learningRate, option, rate } from "../schemas.js";

export const momentum: OptimizerEntry = {
  kind: "optimizer",
  name: "momentum",
  doc: "Momentum gradient descent: v ← μ·v - lr·g, w ← w + v (Polyak 1964); with `nesterov`: w ← w + μ·v - lr·g (Sutskever et al. 2013).",
  example: "optimizer: momentum(lr: 0.01, momentum: 0.9)",
  parameters: [
    learningRate(0.01),
    option("momentum", rate, "The share of the velocity that is kept.", 0.9),
    option("nesterov", flag, "Whether the gradient is looked at ahead.", false),
  ],
  slots: () => ["velocity"],
  update: ({ b, options, weight, gradient, slots, lr }) => {
    const scaled = ops.mul(b, gradient, lr);
    const rate = options.number("momentum");
    const velocity = ops.sub(b, ops.mul(b, slots["velocity"]!, rate), scaled);
    const move = options.boolean("nesterov") ? ops.sub(b, ops.mul(b, velocity, rate), scaled) : velocity;
    return { weight: ops.add(b, weight, move), slots: { velocity } };
  },
};
