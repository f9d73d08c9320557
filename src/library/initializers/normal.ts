import { ops } from "../../tensor/index.js";
import type { InitializerEntry } from "../entry.js";
import { anyNumber, nonNegative, option } from "../schemas.js";

export const normal: InitializerEntry = {
  kind: "initializer",
  name: "normal",
  doc: "Normally distributed (Keras: RandomNormal).",
  example: "h = x |> dense(8, kernel_initializer: normal)",
  parameters: [
    option("mean", anyNumber, "The mean.", 0),
    option("stddev", nonNegative, "The standard deviation.", 0.05),
  ],
  lower: ({ b, shape, options, seed, stream }) => {
    const z = ops.normal(b, { seed, step: ops.scalar(b, 0, "int"), stream }, shape);
    return ops.add(b, ops.mul(b, z, options.number("stddev")), options.number("mean"));
  },
};
