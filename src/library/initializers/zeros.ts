import { defineInitializer } from "../kinds/initializer.js";
import { ops } from "../../tensor/index.js";

export const zeros = defineInitializer({
  name: "zeros",
  doc: "0 everywhere.",
  example: "h = x |> dense(8, kernel_initializer: zeros)",
  parameters: {},
  lower: ({ b, shape }) => ops.fill(b, 0, shape),
});
