import { defineInitializer } from "../kinds/initializer.js";
import { ops } from "../../tensor/index.js";

export const ones = defineInitializer({
  name: "ones",
  doc: "1 everywhere.",
  example: "h = x |> dense(8, kernel_initializer: ones)",
  parameters: {},
  lower: ({ b, shape }) => ops.fill(b, 1, shape),
});
