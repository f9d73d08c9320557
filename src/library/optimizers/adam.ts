import { ops } from "../../tensor/index.js";
import type { OptimizerEntry } from "../entry.js";
import { adamStep } from "./adam_step.js";
import { learningRate, option, positive, rate } from "../schemas.js";

export const adam: OptimizerEntry = {
  kind: "optimizer",
  name: "adam",
  doc: "Adam (Kingma and Ba 2015), with epsilon beside the uncorrected √v as in Keras.",
  example: "optimizer: adam(lr: 0.001)",
  parameters: [
    learningRate(0.001),
    option("beta_1", rate, "The share of the mean that is kept.", 0.9),
    option("beta_2", rate, "The share of the mean square that is kept.", 0.999),
    option("epsilon", positive, "What is added to the root.", 1e-7),
  ],
  slots: () => ["m", "v"],
  update: (context) => {
    const { move, slots } = adamStep(context);
    return { weight: ops.sub(context.b, context.weight, move), slots };
  },
};
