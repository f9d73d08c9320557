import { ops } from "../../tensor/index.js";
import { defineInitializer } from "../kinds/initializer.js";
import { option } from "../kinds/parameters.js";
import { anyNumber } from "../kinds/values.js";

export const uniform = defineInitializer({
  name: "uniform",
  doc: "Uniformly distributed (Keras: RandomUniform).",
  example: "h = x |> dense(8, kernel_initializer: uniform)",
  parameters: {
    minval: option(anyNumber, "The least value.", -0.05),
    maxval: option(anyNumber, "The limit above.", 0.05),
  },
  lower: ({ b, shape, options, seed, stream }) => {
    const u = ops.uniform(b, { seed, step: ops.scalar(b, 0, "int"), stream }, shape);
    const [low, high] = [options.minval, options.maxval];
    return ops.add(b, ops.mul(b, u, high - low), low);
  },
});
