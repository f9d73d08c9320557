import { ops } from "../../tensor/index.js";
import type { ScheduleEntry } from "../entry.js";
import { nonNegative, option } from "../schemas.js";

export const constant: ScheduleEntry = {
  kind: "schedule",
  name: "constant",
  doc: "One learning rate for the whole training.",
  example: "optimizer: adam(lr: constant(0.001))",
  parameters: [option("value", nonNegative, "The rate.")],
  lower: ({ b, options }) => ops.scalar(b, options.number("value")),
};
