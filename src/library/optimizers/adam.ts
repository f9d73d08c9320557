import { ops } from "../../tensor/index.js";
import { learningRate } from "../declarations.js";
import { defineOptimizer } from "../kinds/optimizer.js";
import { adamOptions, adamStep } from "./adam_step.js";

export const adam = defineOptimizer({
  name: "adam",
  doc: "Adam (Kingma and Ba 2015), with epsilon beside the uncorrected √v as in Keras.",
  example: "optimizer: adam(lr: 0.001)",
  parameters: {
    lr: learningRate(0.001),
    ...adamOptions,
  },
  slots: () => ["m", "v"],
  update: (context) => {
    const { move, slots } = adamStep(context);
    return { weight: ops.sub(context.b, context.weight, move), slots };
  },
});
