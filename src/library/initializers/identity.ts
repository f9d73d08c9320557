import { ops } from "../../tensor/index.js";
import { problem } from "../entry.js";
import { defineInitializer } from "../kinds/initializer.js";
import { option } from "../kinds/parameters.js";
import { anyNumber } from "../kinds/values.js";

export const identity = defineInitializer({
  name: "identity",
  doc: "The identity matrix; with options, `gain` on the diagonal and `rest` elsewhere.",
  example: "weight alpha: float[4, 4] = identity",
  parameters: {
    gain: option(anyNumber, "What stands on the diagonal.", 1),
    rest: option(anyNumber, "What stands elsewhere.", 0),
  },
  fits: (shape) =>
    shape.length === 2 && shape[0] === shape[1]
      ? undefined
      : problem("NN3002", `\`identity\` makes square matrices, not [${shape.join(", ")}].`),
  lower: ({ b, shape, options }) => {
    const diagonal = ops.eq(b, ops.iota(b, shape, 0), ops.iota(b, shape, 1));
    const fill = (value: number) => ops.fill(b, value, shape);
    return ops.select(b, diagonal, fill(options.gain), fill(options.rest));
  },
});
