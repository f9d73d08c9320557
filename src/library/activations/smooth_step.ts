import { ops } from "../../tensor/index.js";
import { defineActivation } from "../kinds/activation.js";
import { option } from "../kinds/parameters.js";
import { positive } from "../kinds/values.js";

export const smoothStep = defineActivation({
  name: "smooth_step",
  doc: "0 below -`gamma`/2, 1 above `gamma`/2, and the cubic with level ends in between (Hazimeh et al. 2020 and 2021). Unlike a sigmoid it reaches 0 and 1, where its gradient is 0.",
  example: "h = x |> dense(8, smooth_step)",
  parameters: { gamma: option(positive, "The width of the step.", 1) },
  range: () => ({ low: 0, high: 1 }),
  lower: (b, x, options) => {
    const u = ops.clip(b, ops.add(b, ops.div(b, x, options.gamma), 0.5), 0, 1);
    // 3u² - 2u³
    return ops.mul(b, ops.square(b, u), ops.sub(b, 3, ops.mul(b, u, 2)));
  },
});
