import { ops } from "../../tensor/index.js";
import { problem, type InitializerEntry } from "../entry.js";
import { anyNumber, option } from "../schemas.js";

export const identity: InitializerEntry = {
  kind: "initializer",
  name: "identity",
  doc: "The identity matrix; with options, `gain` on the diagonal and `rest` elsewhere.",
  example: "weight alpha: float[4, 4] = identity",
  parameters: [
    option("gain", anyNumber, "What stands on the diagonal.", 1),
    option("rest", anyNumber, "What stands elsewhere.", 0),
  ],
  fits: (shape) =>
    shape.length === 2 && shape[0] === shape[1]
      ? undefined
      : problem("NN3002", `\`identity\` makes square matrices, not [${shape.join(", ")}].`),
  lower: ({ b, shape, options }) => {
    const diagonal = ops.eq(b, ops.iota(b, shape, 0), ops.iota(b, shape, 1));
    const fill = (name: string) => ops.fill(b, options.number(name), shape);
    return ops.select(b, diagonal, fill("gain"), fill("rest"));
  },
};
