import { greatest } from "../extremes.js";
import { numberOption } from "../parameter.js";
import { draw } from "./draw.js";
import type { Sampler } from "./sampler.js";

export const temperature: Sampler = {
  name: "temperature",
  doc: "In shares of rows^(1/T) (Raffel et al. 2020, section 3.5.2): 1 is about proportional, and the larger T, the more even the sources are.",
  example: "sampler: temperature(2)",
  parameters: [
    {
      name: "temperature",
      doc: "How even the sources are.",
      schema: { type: "number", exclusiveMinimum: 0 },
      required: false,
      default: 2,
    },
  ],
  deal(context) {
    const power = 1 / numberOption(context.options, "temperature");
    const most = greatest(context.rows);
    return draw(
      context,
      context.rows.map((n) => (n / most) ** power),
    );
  },
};
