import { ops } from "../../tensor/index.js";
import type { InitializerEntry } from "../entry.js";
import { anyNumber, option } from "../schemas.js";

export const uniform: InitializerEntry = {
  kind: "initializer",
  name: "uniform",
  doc: "Uniformly distributed (Keras: RandomUniform).",
  example: "h = x |> dense(8, kernel_initializer: uniform)",
  parameters: [
    option("minval", anyNumber, "The least value.", -0.05),
    option("maxval", anyNumber, "The limit above.", 0.05),
  ],
  lower: ({ b, shape, options, seed, stream }) => {
    const u = ops.uniform(b, { seed, step: ops.scalar(b, 0, "int"), stream }, shape);
    const [low, high] = [options.number("minval"), options.number("maxval")];
    return ops.add(b, ops.mul(b, u, high - low), low);
  },
};
