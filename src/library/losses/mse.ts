import { defineLoss } from "../kinds/loss.js";
import { ops } from "../../tensor/index.js";
import { regression } from "./rows.js";

export const mse = defineLoss({
  name: "mse",
  elsewhere: ["mean_squared_error", "mse_loss"],
  doc: "The mean squared error, (prediction - label)².",
  example: "loss: mse",
  noise: "gaussian",
  parameters: {},
  takes: "numbers",
  fits: (label, output) => regression("mse", label, output),
  lower: ({ b, label, prediction }) => {
    const error = ops.sub(b, prediction, ops.reshape(b, label, b.typeOf(prediction).shape));
    return ops.square(b, error);
  },
});
