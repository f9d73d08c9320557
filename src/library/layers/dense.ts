import { elementCount } from "../../runtime/elements.js";
import { type Dimension, dimensions, ops } from "../../tensor/index.js";
import { activationOption } from "../declarations.js";
import { defineLayer } from "../kinds/layer.js";
import { option, x } from "../kinds/parameters.js";
import { count } from "../kinds/values.js";
import { isLinear } from "../ranges.js";
import { dimensionAt } from "../sizes.js";
import { kernelParameters, kernelWeights } from "./kernel.js";
import { floatInput, lastDimension } from "./shapes.js";

export const dense = defineLayer({
  name: "dense",
  elsewhere: ["linear", "fully_connected", "fc"],
  doc: "A fully connected layer over the last axis: `activation(x · kernel + bias)`. Shape […, n] becomes […, units].",
  example: "h = x |> dense(64, relu)",
  activated: true,
  advised: true,
  parameters: {
    x,
    units: {
      ...option(count, "The size of the output's last axis."),
      elsewhere: ["out_features", "hidden_size", "num_units"],
    },
    activation: activationOption,
    ...kernelParameters,
  },
  range: isLinear,
  shape: ({ options, inputs: { x: input } }) =>
    floatInput(input, "dense") ??
    lastDimension(input, "dense") ?? {
      ...input,
      dims: [...input.dims.slice(0, -1), options.units],
    },
  weights: ({ options, inputs: { x: input } }) =>
    kernelWeights(options, [dimensionAt(input.dims, -1), options.units]),
  multiplyAdds: ({ inputs: { x: input }, output }) => elementCount(output.dims) * (input.dims.at(-1) ?? 1),
  lower: ({ b, options, values: { x: value }, weight }) => {
    const shape = b.typeOf(value).shape;
    const kernel = weight("kernel");
    const units = options.units;
    const rows = shape.slice(0, -1).reduce<Dimension>(dimensions.multiply, 1);
    const flat = shape.length === 2 ? value : ops.reshape(b, value, [rows, dimensionAt(shape, -1)]);
    const product = ops.matmul(b, flat, kernel);
    const biased = options.use_bias ? ops.add(b, product, weight("bias")) : product;
    return shape.length === 2 ? biased : ops.reshape(b, biased, [...shape.slice(0, -1), units]);
  },
});
