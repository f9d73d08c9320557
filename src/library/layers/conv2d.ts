import { elementCount } from "../../runtime/elements.js";
import { ops } from "../../tensor/index.js";
import { activationOption, padding } from "../declarations.js";
import { defineLayer } from "../kinds/layer.js";
import { option, x } from "../kinds/parameters.js";
import { both, count, pair } from "../kinds/values.js";
import { isLinear } from "../ranges.js";
import { dimensionAt } from "../sizes.js";
import { kernelParameters, kernelWeights } from "./kernel.js";
import { isProblem, windowPlan } from "./shapes.js";

export const conv2d = defineLayer({
  name: "conv2d",
  doc: "A two-dimensional convolution over NHWC images. Shape [height, width, channels] becomes [height', width', filters]. The kernel is [kernel height, kernel width, channels, filters].",
  example: "h = image |> conv2d(16, 3, relu, padding: same)",
  activated: true,
  parameters: {
    x,
    filters: { ...option(count, "The number of output channels."), elsewhere: ["out_channels", "channels"] },
    kernel_size: { ...option(pair, "Height and width of the window."), elsewhere: ["size", "kernel"] },
    activation: activationOption,
    strides: option(pair, "The step of the window.", 1),
    padding: option(
      padding,
      "`valid`: none; `same`: zeros, evenly, so that stride 1 keeps the size.",
      "valid",
    ),
    dilation_rate: option(pair, "The distance between the window's points.", 1),
    ...kernelParameters,
  },
  range: isLinear,
  shape: ({ options, inputs: { x: input } }) => {
    const plan = windowPlan(input, "conv2d", "kernel_size", { ...options, window: options.kernel_size });
    return isProblem(plan) ? plan : { ...input, dims: [...plan.size, options.filters] };
  },
  weights: ({ options, inputs: { x: input } }) =>
    kernelWeights(options, [...both(options.kernel_size), dimensionAt(input.dims, 2), options.filters]),
  multiplyAdds: ({ options, inputs: { x: input }, output }) =>
    elementCount([...output.dims, ...both(options.kernel_size), dimensionAt(input.dims, 2)]),
  lower: ({ b, options, inputs: { x: input }, values: { x: value }, weight }) => {
    const plan = windowPlan(input, "conv2d", "kernel_size", { ...options, window: options.kernel_size });
    if (isProblem(plan)) throw new Error(plan.message);
    const { strides, padding, dilation } = plan;
    const product = ops.conv2d(b, value, weight("kernel"), { strides, padding, dilations: dilation });
    return options.use_bias ? ops.add(b, product, weight("bias")) : product;
  },
});
