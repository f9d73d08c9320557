import { defineActivation } from "../kinds/activation.js";
import { ops } from "../../tensor/index.js";
import { rising } from "../ranges.js";

export const relu = defineActivation({
  name: "relu",
  doc: "max(x, 0); its gradient at 0 is 0.",
  example: "h = x |> dense(8, relu)",
  parameters: {},
  range: rising((x) => Math.max(x, 0)),
  lower: (b, x) => ops.relu(b, x),
});
