import { ops } from "../../tensor/index.js";
import type { LayerEntry } from "../entry.js";
import { option, paddingSchema, pair, x } from "../schemas.js";
import { isProblem, windowPlan } from "./shapes.js";

export const maxPool2d: LayerEntry = {
  kind: "layer",
  name: "max_pool2d",
  doc: "The largest value of each window, channel by channel. Shape [height, width, channels] becomes [height', width', channels]. Of equal values the first one gets the gradient.",
  example: "h = image |> conv2d(16, 3, relu) |> max_pool2d(2)",
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
    const plan = windowPlan(input!, "max_pool2d", "pool_size", options);
    return isProblem(plan) ? plan : { ...input!, dims: [...plan.size, input!.dims[2]!] };
  },
  lower: ({ b, options, inputs: [input], values: [value] }) => {
    const plan = windowPlan(input!, "max_pool2d", "pool_size", options);
    if (isProblem(plan)) throw new Error(plan.message);
    const { window, strides, padding } = plan;
    return ops.maxPool(b, value!, { window, strides, padding });
  },
};
