import { ops } from "../../tensor/index.js";
import { pool2d } from "./pooling.js";

export const maxPool2d = pool2d(
  "max_pool2d",
  "The largest value of each window, channel by channel. Shape [height, width, channels] becomes [height', width', channels]. Of equal values the first one gets the gradient.",
  (b, value, { window, strides, padding }) => ops.maxPool(b, value, { window, strides, padding }),
);
