import { ops } from "../../tensor/index.js";
import { defineInitializer } from "../kinds/initializer.js";
import { option } from "../kinds/parameters.js";
import { anyNumber, nonNegative } from "../kinds/values.js";

export const normal = defineInitializer({
  name: "normal",
  doc: "Normally distributed (Keras: RandomNormal).",
  example: "h = x |> dense(8, kernel_initializer: normal)",
  parameters: {
    mean: option(anyNumber, "The mean.", 0),
    stddev: option(nonNegative, "The standard deviation.", 0.05),
  },
  lower: ({ b, shape, options, seed, stream }) => {
    const z = ops.normal(b, { seed, step: ops.scalar(b, 0, "int"), stream }, shape);
    return ops.add(b, ops.mul(b, z, options.stddev), options.mean);
  },
});
