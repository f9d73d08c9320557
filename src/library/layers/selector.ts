import { elementCount } from "../../runtime/elements.js";
import { type Dimension, dimensions, ops } from "../../tensor/index.js";
import { smoothStep } from "../activations/smooth_step.js";
import { defineLayer } from "../kinds/layer.js";
import { option, x } from "../kinds/parameters.js";
import { oneOf, positive } from "../kinds/values.js";
import { dimensionAt } from "../sizes.js";
import { kernelParameters, kernelWeights } from "./kernel.js";
import { floatInput, lastDimension } from "./shapes.js";

/** Powers of two; an expert's number is written in bits. */
const experts = Array.from({ length: 10 }, (_, i) => 2 ** (i + 1));

export const selector = defineLayer({
  name: "selector",
  doc: "Weights of experts that come close to choosing one (the single-expert selector of DSelect-k, Hazimeh et al. 2021): the smooth steps of log₂(experts) linear functions of x are the bits of the expert's number, and expert i gets the product of s or 1 - s, as its bit is 1 or 0. Shape […, n] becomes […, experts]; the weights sum to 1, and where every step is 0 or 1, one of them is 1.",
  example: "h = x |> selector(4)",
  parameters: {
    x,
    experts: option(oneOf(experts), "How many there are to choose from, a power of two."),
    gamma: option(positive, "The width of the smooth step.", 1),
    ...kernelParameters,
  },
  range: () => ({ low: 0, high: 1, shares: true }),
  shape: ({ options, inputs: { x: input } }) =>
    floatInput(input, "selector") ??
    lastDimension(input, "selector") ?? {
      ...input,
      dims: [...input.dims.slice(0, -1), options.experts],
    },
  weights: ({ options, inputs: { x: input } }) =>
    kernelWeights(options, [dimensionAt(input.dims, -1), Math.log2(options.experts)]),
  multiplyAdds: ({ options, inputs: { x: input } }) => elementCount(input.dims) * Math.log2(options.experts),
  lower: ({ b, options, values: { x: value }, output, weight }) => {
    const shape = b.typeOf(value).shape;
    const rows = shape.slice(0, -1).reduce<Dimension>(dimensions.multiply, 1);
    const product = ops.matmul(b, ops.reshape(b, value, [rows, dimensionAt(shape, -1)]), weight("kernel"));
    const steps = smoothStep.lower(
      b,
      options.use_bias ? ops.add(b, product, weight("bias")) : product,
      options,
    );
    const bits = Math.log2(options.experts);
    let chosen = ops.ones(b, [rows, 1]);
    // From the lowest bit on, each bit doubles the list: first the experts with a 0 there, then those with a 1.
    for (let bit = 0; bit < bits; bit++) {
      const s = ops.sliceAxis(b, steps, 1, bit, 1);
      chosen = ops.concat(b, [ops.mul(b, chosen, ops.sub(b, 1, s)), ops.mul(b, chosen, s)], 1);
    }
    return ops.reshape(b, chosen, [...shape.slice(0, -1), dimensionAt(output.dims, -1)]);
  },
});
