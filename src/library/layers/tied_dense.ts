import { elementCount } from "../../runtime/elements.js";
import { type Dimension, dimensions, ops } from "../../tensor/index.js";
import { activationOption, initializerOption, regularizerOption } from "../declarations.js";
import { defineLayer } from "../kinds/layer.js";
import { option, path, x } from "../kinds/parameters.js";
import { count, flag } from "../kinds/values.js";
import { isLinear } from "../ranges.js";
import { dimensionAt } from "../sizes.js";
import { floatInput, lastDimension } from "./shapes.js";

export const tiedDense = defineLayer({
  name: "tied_dense",
  doc: "A `dense` layer whose kernel is another weight of the model, transposed: `activation(x · Wᵀ + bias)` with the W of shape [units, n] at the path `to`, such as the table of an `embedding` (weight tying, Press and Wolf 2017; Inan et al. 2017). Shape […, n] becomes […, units]. There is one weight, under its own path: it counts once and gets the gradients of all its uses.",
  example: "h = table |> tied_dense(9, to: table.embedding.embeddings)",
  activated: true,
  parameters: {
    x,
    units: option(count, "The size of the output's last axis, which is the tied weight's first."),
    activation: activationOption,
    to: path("The path of the weight, from the model's top; a layer further up has it."),
    use_bias: option(flag, "Whether a bias is added.", true),
    bias_initializer: initializerOption("zeros", "How the bias begins."),
    bias_regularizer: regularizerOption("What is added to the loss for the bias."),
  },
  range: isLinear,
  shape: ({ options, inputs: { x: input } }) =>
    floatInput(input, "tied_dense") ??
    lastDimension(input, "tied_dense") ?? {
      ...input,
      dims: [...input.dims.slice(0, -1), options.units],
    },
  weights: ({ options, inputs: { x: input } }) => {
    const units = options.units;
    const kernel = { name: "kernel", shape: [units, dimensionAt(input.dims, -1)], tied: options.to };
    const bias = {
      name: "bias",
      shape: [units],
      initializer: options.bias_initializer,
      regularizer: options.bias_regularizer,
    };
    return options.use_bias ? [kernel, bias] : [kernel];
  },
  multiplyAdds: ({ inputs: { x: input }, output }) => elementCount(output.dims) * (input.dims.at(-1) ?? 1),
  lower: ({ b, options, values: { x: value }, output, weight }) => {
    const shape = b.typeOf(value).shape;
    const rows = shape.slice(0, -1).reduce<Dimension>(dimensions.multiply, 1);
    const flat = ops.reshape(b, value, [rows, dimensionAt(shape, -1)]);
    const product = ops.matmul(b, flat, weight("kernel"), { transposeB: true });
    const biased = options.use_bias ? ops.add(b, product, weight("bias")) : product;
    return ops.reshape(b, biased, [...shape.slice(0, -1), dimensionAt(output.dims, -1)]);
  },
});
