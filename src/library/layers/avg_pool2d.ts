import { ops } from "../../tensor/index.js";
import type { LayerEntry } from "../entry.js";
import { option, paddingSchema, pair, x } from "../schemas.js";
import { isProblem, windowPlan } from "./shapes.js";

export const avgPool2d: LayerEntry = {
  kind: "layer",
  name: "avg_pool2d",
  doc: "The mean of each window, channel by channel. Shape [height, width, channels] becomes [height', width', channels]. Padding is not counted.",
  example: "h = image |> conv2d(16, 3, relu) |> avg_pool2d(2)",
  parameters: [
    x,
    option("pool_size", pair, "Height and width of the window.", 2),
    option(
      "strides",
      { anyOf: [pair, { type: "null" }] },
      "The step of the window; the window's size by default.",
      null,
    ),
    option("padding", paddingSchema, "`valid`: none; `same`: padding that takes no part.", "valid"),
  ],
  shape: ({ options, inputs: [input] }) => {
    const plan = windowPlan(input!, "avg_pool2d", "pool_size", options);
    return isProblem(plan) ? plan : { ...input!, dims: [...plan.size, input!.dims[2]!] };
  },
  lower: ({ b, options, inputs: [input], values: [value] }) => {
    const plan = windowPlan(input!, "avg_pool2d", "pool_size", options);
    if (isProblem(plan)) throw new Error(plan.message);
    const { window, strides, padding } = plan;
    const attributes = { window, strides, padding };
    const sums = ops.sumPool(b, value!, attributes);
    const [height, width] = [input!.dims[0]!, input!.dims[1]!];
    const counts = ops.sumPool(b, ops.fill(b, 1, [1, height, width, 1]), attributes);
    return ops.div(b, sums, counts);
  },
};
