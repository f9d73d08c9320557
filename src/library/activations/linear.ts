import { defineActivation } from "../kinds/activation.js";

export const linear = defineActivation({
  name: "linear",
  doc: "The number itself.",
  example: "h = x |> dense(8, linear)",
  identity: true,
  parameters: {},
  range: (_, input) => input,
  lower: (_, x) => x,
});
