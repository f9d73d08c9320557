import { ops } from "../../tensor/index.js";
import type { InitializerEntry } from "../entry.js";

export const zeros: InitializerEntry = {
  kind: "initializer",
  name: "zeros",
  doc: "0 everywhere.",
  example: "h = x |> dense(8, kernel_initializer: zeros)",
  parameters: [],
  lower: ({ b, shape }) => ops.fill(b, 0, shape),
};
