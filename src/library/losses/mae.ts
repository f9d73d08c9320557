import { ops } from "../../tensor/index.js";
import type { LossEntry } from "../entry.js";
import { regression, rowMeans } from "./rows.js";

export const mae: LossEntry = {
  kind: "loss",
  name: "mae",
  doc: "The mean absolute error, |prediction - label|.",
  example: "loss: mae",
  noise: "laplace",
  parameters: [],
  fits: (label, output) => regression("mae", label, output),
  lower: ({ b, label, prediction }) => {
    const error = ops.sub(b, ops.reshape(b, label, b.typeOf(prediction).shape), prediction);
    return rowMeans(b, ops.abs(b, error));
  },
};
