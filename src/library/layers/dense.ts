import { dimensions, ops, type Dimension } from "../../tensor/index.js";
import type { LayerEntry } from "../entry.js";
import { activationOption, count, option, x } from "../schemas.js";
import { kernelParameters, kernelWeights } from "./kernel.js";
import { floatInput, lastDimension } from "./shapes.js";
import { isLinear } from "../ranges.js";

export const dense: LayerEntry = {
  kind: "layer",
  name: "dense",
  doc: "A fully connected layer over the last axis: `activation(x · kernel + bias)`. Shape […, n] becomes […, units].",
  example: "h = x |> dense(64, relu)",
  activated: true,
  advised: true,
  parameters: [
    x,
    option("units", count, "The size of the output's last axis."),
    activationOption,
    ...kernelParameters,
  ],
  range: isLinear,
  shape: ({ options, inputs: [input] }) =>
    floatInput(input!, "dense") ??
    lastDimension(input!, "dense") ?? {
      ...input!,
      dims: [...input!.dims.slice(0, -1), options.number("units")],
    },
  weights: (context) => {
    const {
      options,
      inputs: [input],
    } = context;
    return kernelWeights(context, [input!.dims.at(-1)!, options.number("units")]);
  },
  lower: ({ b, options, values: [value], weight }) => {
    const shape = b.typeOf(value!).shape;
    const kernel = weight("kernel");
    const units = options.number("units");
    const rows = shape.slice(0, -1).reduce<Dimension>(dimensions.multiply, 1);
    const flat = shape.length === 2 ? value! : ops.reshape(b, value!, [rows, shape.at(-1)!]);
    const product = ops.matmul(b, flat, kernel);
    const biased = options.boolean("use_bias") ? ops.add(b, product, weight("bias")) : product;
    return shape.length === 2 ? biased : ops.reshape(b, biased, [...shape.slice(0, -1), units]);
  },
};
