import { ops } from "../../tensor/index.js";
import { dimensionAt } from "../sizes.js";
import { pool2d } from "./pooling.js";

export const avgPool2d = pool2d(
  "avg_pool2d",
  "The mean of each window, channel by channel. Shape [height, width, channels] becomes [height', width', channels]. Padding is not counted.",
  (b, value, { window, strides, padding }, { dims }) => {
    const sums = ops.sumPool(b, value, { window, strides, padding });
    const ones = ops.fill(b, 1, [1, dimensionAt(dims, 0), dimensionAt(dims, 1), 1]);
    return ops.div(b, sums, ops.sumPool(b, ones, { window, strides, padding }));
  },
);
