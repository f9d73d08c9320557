import { dimensions, ops, type Dimension } from "../../tensor/index.js";
import type { LayerEntry } from "../entry.js";
import {
  activationOption,
  count,
  flag,
  initializerOption,
  option,
  regularizerOption,
  x,
} from "../schemas.js";
import { floatInput, lastDimension } from "./shapes.js";
import { isLinear } from "../ranges.js";

export const tiedDense: LayerEntry = {
  kind: "layer",
  name: "tied_dense",
  doc: "A `dense` layer whose kernel is another weight of the model, transposed: `activation(x · Wᵀ + bias)` with the W of shape [units, n] at the path `to`, such as the table of an `embedding` (weight tying, Press and Wolf 2017; Inan et al. 2017). Shape […, n] becomes […, units]. There is one weight, under its own path: it counts once and gets the gradients of all its uses.",
  example: "h = table |> tied_dense(9, to: table.embedding.embeddings)",
  activated: true,
  parameters: [
    x,
    option("units", count, "The size of the output's last axis, which is the tied weight's first."),
    activationOption,
    {
      kind: "path",
      name: "to",
      doc: "The path of the weight, from the model's top; a layer further up has it.",
    },
    option("use_bias", flag, "Whether a bias is added.", true),
    initializerOption("bias_initializer", "zeros", "How the bias begins."),
    regularizerOption("bias_regularizer", "What is added to the loss for the bias."),
  ],
  range: isLinear,
  shape: ({ options, inputs: [input] }) =>
    floatInput(input!, "tied_dense") ??
    lastDimension(input!, "tied_dense") ?? {
      ...input!,
      dims: [...input!.dims.slice(0, -1), options.number("units")],
    },
  weights: ({ options, inputs: [input] }) => {
    const units = options.number("units");
    const kernel = { name: "kernel", shape: [units, input!.dims.at(-1)!], tied: options.string("to") };
    const bias = {
      name: "bias",
      shape: [units],
      initializer: options.component("bias_initializer")!,
      regularizer: options.component("bias_regularizer"),
    };
    return options.boolean("use_bias") ? [kernel, bias] : [kernel];
  },
  lower: ({ b, options, values: [value], output, weight }) => {
    const shape = b.typeOf(value!).shape;
    const rows = shape.slice(0, -1).reduce<Dimension>(dimensions.multiply, 1);
    const flat = ops.reshape(b, value!, [rows, shape.at(-1)!]);
    const product = ops.matmul(b, flat, weight("kernel"), { transposeB: true });
    const biased = options.boolean("use_bias") ? ops.add(b, product, weight("bias")) : product;
    return ops.reshape(b, biased, [...shape.slice(0, -1), output.dims.at(-1)!]);
  },
};
