import { type Builder, ops, type Value } from "../../tensor/index.js";
import { defineLoss } from "../kinds/loss.js";
import { option } from "../kinds/parameters.js";
import { positive } from "../kinds/values.js";
import { regression } from "./rows.js";

export const huber = defineLoss({
  name: "huber",
  elsewhere: ["smooth_l1_loss", "huber_loss"],
  doc: "½·e² for errors up to `delta`, delta·(|e| - ½·delta) beyond (Huber 1964, equation 2.8).",
  example: "loss: huber(delta: 1)",
  noise: "gaussian",
  parameters: { delta: option(positive, "Where the square ends.", 1) },
  takes: "numbers",
  fits: (label, output) => regression("huber", label, output),
  lower: ({ b, label, prediction, options }) => {
    const error = ops.sub(b, prediction, ops.reshape(b, label, b.typeOf(prediction).shape));
    return huberTerm(b, error, options.delta);
  },
});

function huberTerm(b: Builder, error: Value, delta: number): Value {
  const size = ops.abs(b, error);
  // ½·e² and delta·(|e| - ½·delta) in one: the square of a large error would be infinite, and its slope 0·∞.
  const cut = ops.min(b, size, delta);
  return ops.mul(b, cut, ops.sub(b, size, ops.mul(b, cut, 0.5)));
}
