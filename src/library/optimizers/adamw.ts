import { ops } from "../../tensor/index.js";
import { learningRate } from "../declarations.js";
import { defineOptimizer } from "../kinds/optimizer.js";
import { option } from "../kinds/parameters.js";
import { nonNegative } from "../kinds/values.js";
import { adamOptions, adamStep } from "./adam_step.js";

export const adamw = defineOptimizer({
  name: "adamw",
  doc: "Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2): w ← w - lr · decay · w first, as in Keras.",
  example: "optimizer: adamw(lr: 0.001, decay: 0.01)",
  parameters: {
    lr: learningRate(0.001),
    decay: { ...option(nonNegative, "The decay.", 0.004), elsewhere: ["weight_decay"] },
    ...adamOptions,
  },
  slots: () => ["m", "v"],
  update: (context) => {
    const { b, weight, lr, options } = context;
    const { move, slots } = adamStep(context);
    const decayed = ops.sub(b, weight, ops.mul(b, weight, ops.mul(b, lr, options.decay)));
    return { weight: ops.sub(b, decayed, move), slots };
  },
});
