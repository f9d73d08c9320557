import { ops } from "../../tensor/index.js";
import { problem, type InitializerEntry } from "../entry.js";

export const identity: InitializerEntry = {
  kind: "initializer",
  name: "identity",
  doc: "The identity matrix.",
  example: "weight alpha: float[4, 4] = identity",
  parameters: [],
  fits: (shape) =>
    shape.length === 2 && shape[0] === shape[1]
      ? undefined
      : problem("NN3002", `\`identity\` makes square matrices, not [${shape.join(", ")}].`),
  lower: ({ b, shape }) => ops.cast(b, ops.eq(b, ops.iota(b, shape, 0), ops.iota(b, shape, 1)), "float"),
};
