import { ops } from "../../tensor/index.js";
import { option } from "../kinds/parameters.js";
import { defineSchedule } from "../kinds/schedule.js";
import { nonNegative } from "../kinds/values.js";

export const constant = defineSchedule({
  name: "constant",
  doc: "One learning rate for the whole training.",
  example: "optimizer: adam(lr: constant(0.001))",
  parameters: { value: option(nonNegative, "The rate.") },
  lower: ({ b, options }) => ops.scalar(b, options.value),
});
