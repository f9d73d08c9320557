import { ops } from "../../tensor/index.js";
import { defineInitializer } from "../kinds/initializer.js";
import { option } from "../kinds/parameters.js";
import { anyNumber } from "../kinds/values.js";

export const constant = defineInitializer({
  name: "constant",
  doc: "One number everywhere.",
  example: "h = x |> dense(8, bias_initializer: constant(0.1))",
  parameters: { value: option(anyNumber, "The number.") },
  lower: ({ b, shape, options }) => ops.fill(b, options.value, shape),
});
