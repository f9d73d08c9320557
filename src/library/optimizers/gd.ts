import { ops } from "../../tensor/index.js";
import { learningRate } from "../declarations.js";
import { defineOptimizer } from "../kinds/optimizer.js";

export const gd = defineOptimizer({
  name: "gd",
  doc: "Gradient descent: w ← w - lr · g, one step an epoch over the whole training part.",
  example: "optimizer: gd(lr: 0.1)",
  parameters: { lr: learningRate(0.01) },
  fullBatch: true,
  slots: () => [],
  update: ({ b, weight, gradient, lr }) => ({
    weight: ops.sub(b, weight, ops.mul(b, gradient, lr)),
    slots: {},
  }),
});
