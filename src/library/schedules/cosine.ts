import { ops } from "../../tensor/index.js";
import { option } from "../kinds/parameters.js";
import { defineSchedule } from "../kinds/schedule.js";
import { nonNegative, steps } from "../kinds/values.js";

export const cosine = defineSchedule({
  name: "cosine",
  doc: "Rises linearly to `peak` over `warmup` steps, then falls along half a cosine towards `floor`, where it would be one step after the last (Loshchilov and Hutter 2017, equation 5, without restarts). The rise begins at `peak` / `warmup`; that of Keras's CosineDecay begins at 0 and is a step behind, while the fall is the same.",
  example: "optimizer: adam(lr: cosine(peak: 0.003, warmup: 50, floor: 0.00001))",
  parameters: {
    peak: option(nonNegative, "The largest rate."),
    warmup: option(steps, "Steps of the rise.", 0),
    floor: option(nonNegative, "The rate that the training ends towards.", 0),
  },
  lower: ({ b, options, step, totalSteps }) => {
    const [peak, warmup, floor] = [options.peak, options.warmup, options.floor];
    const length = ops.max(b, ops.sub(b, totalSteps, warmup), ops.scalar(b, 1));
    const progress = ops.clip(b, ops.div(b, ops.sub(b, step, warmup), length), 0, 1);
    const wave = ops.mul(b, ops.add(b, ops.cos(b, ops.mul(b, progress, Math.PI)), 1), (peak - floor) / 2);
    const falling = ops.add(b, wave, floor);
    if (warmup === 0) return falling;
    const rising = ops.mul(b, ops.add(b, step, 1), peak / warmup);
    return ops.select(b, ops.lt(b, step, ops.scalar(b, warmup)), rising, falling);
  },
});
