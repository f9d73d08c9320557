import { defineLoss } from "../kinds/loss.js";
import { ops } from "../../tensor/index.js";
import { regression } from "./rows.js";

export const mae = defineLoss({
  name: "mae",
  elsewhere: ["mean_absolute_error", "l1_loss"],
  doc: "The mean absolute error, |prediction - label|.",
  example: "loss: mae",
  noise: "laplace",
  parameters: {},
  takes: "numbers",
  fits: (label, output) => regression("mae", label, output),
  lower: ({ b, label, prediction }) => {
    const error = ops.sub(b, ops.reshape(b, label, b.typeOf(prediction).shape), prediction);
    return ops.abs(b, error);
  },
});
