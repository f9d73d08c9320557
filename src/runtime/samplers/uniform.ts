import { draw, onlyFilled } from "./draw.js";
import type { Sampler } from "./sampler.js";

export const uniform: Sampler = {
  name: "uniform",
  doc: "Every source as often as any other, whatever rows it has.",
  example: "sampler: uniform",
  parameters: [],
  deal: (context) =>
    draw(
      context,
      onlyFilled(
        context.rows,
        context.rows.map(() => 1),
      ),
    ),
};
