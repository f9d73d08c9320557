import { ops } from "../../tensor/index.js";
import type { InitializerEntry } from "../entry.js";

export const ones: InitializerEntry = {
  kind: "initializer",
  name: "ones",
  doc: "1 everywhere.",
  example: "h = x |> dense(8, kernel_initializer: ones)",
  parameters: [],
  lower: ({ b, shape }) => ops.fill(b, 1, shape),
};
