import { ops } from "../../tensor/index.js";
import type { OptimizerEntry } from "../entry.js";
import { adamStep } from "./adam_step.js";
import { learningRate, nonNegative, option, positive, rate } from "../schemas.js";

export const adamw: OptimizerEntry = {
  kind: "optimizer",
  name: "adamw",
  doc: "Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2): w ← w - lr · decay · w first, as in Keras.",
  example: "optimizer: adamw(lr: 0.001, decay: 0.01)",
  parameters: [
    learningRate(0.001),
    option("decay", nonNegative, "The decay.", 0.004),
    option("beta_1", rate, "The share of the mean that is kept.", 0.9),
    option("beta_2", rate, "The share of the mean square that is kept.", 0.999),
    option("epsilon", positive, "What is added to the root.", 1e-7),
  ],
  slots: () => ["m", "v"],
  update: (context) => {
    const { b, weight, lr, options } = context;
    const { move, slots } = adamStep(context);
    const decayed = ops.sub(b, weight, ops.mul(b, weight, ops.mul(b, lr, options.number("decay"))));
    return { weight: ops.sub(b, decayed, move), slots };
  },
};
