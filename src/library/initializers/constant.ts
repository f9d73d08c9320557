import { ops } from "../../tensor/index.js";
import type { InitializerEntry } from "../entry.js";
import { anyNumber, option } from "../schemas.js";

export const constant: InitializerEntry = {
  kind: "initializer",
  name: "constant",
  doc: "One number everywhere.",
  example: "h = x |> dense(8, bias_initializer: constant(0.1))",
  parameters: [option("value", anyNumber, "The number.")],
  lower: ({ b, shape, options }) => ops.fill(b, options.number("value"), shape),
};
