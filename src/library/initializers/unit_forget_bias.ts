import { defineInitializer } from "../kinds/initializer.js";
import { ops } from "../../tensor/index.js";
import { dimensionAt } from "../sizes.js";
import { problem } from "../entry.js";

export const unitForgetBias = defineInitializer({
  name: "unit_forget_bias",
  doc: "The bias of an lstm: 1 for the forget gate (the second quarter), 0 for the others (Jozefowicz et al. 2015).",
  example: "h = series |> lstm(8, unit_forget_bias: true)",
  parameters: {},
  fits: (shape) =>
    shape.length === 1 && dimensionAt(shape, 0) % 4 === 0
      ? undefined
      : problem("NN3002", `\`unit_forget_bias\` makes the bias of four gates, not [${shape.join(", ")}].`),
  lower: ({ b, shape }) => {
    const units = dimensionAt(shape, 0) / 4;
    const parts = [0, 1, 0, 0].map((value) => ops.fill(b, value, [units]));
    return ops.concat(b, parts, 0);
  },
});
