import { ops } from "../../tensor/index.js";
import { defineLayer } from "../kinds/layer.js";
import { x } from "../kinds/parameters.js";
import { passes } from "../ranges.js";
import { dimensionAt } from "../sizes.js";
import { floatInput, rank } from "./shapes.js";

export const globalAvgPool2d = defineLayer({
  name: "global_avg_pool2d",
  doc: "The mean over height and width. Shape [height, width, channels] becomes [channels].",
  example: "h = image |> conv2d(16, 3, relu) |> global_avg_pool2d",
  parameters: { x },
  range: passes,
  shape: ({ inputs: { x: input } }) =>
    floatInput(input, "global_avg_pool2d") ??
    rank(input, 3, "global_avg_pool2d", "images, [height, width, channels]") ?? {
      ...input,
      dims: [dimensionAt(input.dims, 2)],
    },
  lower: ({ b, values: { x: value } }) => ops.mean(b, value, [1, 2], false),
});
