import { ops } from "../../tensor/index.js";
import type { LayerEntry } from "../entry.js";
import { activationOption, both, count, option, paddingSchema, pair, x } from "../schemas.js";
import { kernelParameters, kernelWeights } from "./kernel.js";
import { isProblem, windowPlan } from "./shapes.js";
import { isLinear } from "../ranges.js";

export const conv2d: LayerEntry = {
  kind: "layer",
  name: "conv2d",
  doc: "A two-dimensional convolution over NHWC images. Shape [height, width, channels] becomes [height', width', filters]. The kernel is [kernel height, kernel width, channels, filters].",
  example: "h = image |> conv2d(16, 3, relu, padding: same)",
  activated: true,
  parameters: [
    x,
    option("filters", count, "The number of output channels."),
    option("kernel_size", pair, "Height and width of the window."),
    activationOption,
    option("strides", pair, "The step of the window.", 1),
    option(
      "padding",
      paddingSchema,
      "`valid`: none; `same`: zeros, evenly, so that stride 1 keeps the size.",
      "valid",
    ),
    option("dilation_rate", pair, "The distance between the window's points.", 1),
    ...kernelParameters,
  ],
  range: isLinear,
  shape: ({ options, inputs: [input] }) => {
    const plan = windowPlan(input!, "conv2d", "kernel_size", options);
    return isProblem(plan) ? plan : { ...input!, dims: [...plan.size, options.number("filters")] };
  },
  weights: (context) => {
    const {
      options,
      inputs: [input],
    } = context;
    return kernelWeights(context, [
      ...both(options.json("kernel_size")),
      input!.dims[2]!,
      options.number("filters"),
    ]);
  },
  lower: ({ b, options, inputs: [input], values: [value], weight }) => {
    const plan = windowPlan(input!, "conv2d", "kernel_size", options);
    if (isProblem(plan)) throw new Error(plan.message);
    const { strides, padding, dilation } = plan;
    const product = ops.conv2d(b, value!, weight("kernel"), { strides, padding, dilations: dilation });
    return options.boolean("use_bias") ? ops.add(b, product, weight("bias")) : product;
  },
};
