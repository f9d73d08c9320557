import { dimensions, ops, type Dimension } from "../../tensor/index.js";
import { smoothStep } from "../activations/smooth_step.js";
import type { LayerEntry } from "../entry.js";
import { option, positive, x } from "../schemas.js";
import { kernelParameters, kernelWeights } from "./kernel.js";
import { floatInput, lastDimension } from "./shapes.js";

/** Powers of two; an expert's number is written in bits. */
const experts = Array.from({ length: 10 }, (_, i) => 2 ** (i + 1));

export const selector: LayerEntry = {
  kind: "layer",
  name: "selector",
  doc: "Weights of experts that come close to choosing one (the single-expert selector of DSelect-k, Hazimeh et al. 2021): the smooth steps of log₂(experts) linear functions of x are the bits of the expert's number, and expert i gets the product of s or 1 - s, as its bit is 1 or 0. Shape […, n] becomes […, experts]; the weights sum to 1, and where every step is 0 or 1, one of them is 1.",
  example: "h = x |> selector(4)",
  parameters: [
    x,
    option("experts", { enum: experts }, "How many there are to choose from, a power of two."),
    option("gamma", positive, "The width of the smooth step.", 1),
    ...kernelParameters,
  ],
  range: () => ({ low: 0, high: 1, shares: true }),
  shape: ({ options, inputs: [input] }) =>
    floatInput(input!, "selector") ??
    lastDimension(input!, "selector") ?? {
      ...input!,
      dims: [...input!.dims.slice(0, -1), options.number("experts")],
    },
  weights: (context) => {
    const {
      options,
      inputs: [input],
    } = context;
    return kernelWeights(context, [input!.dims.at(-1)!, Math.log2(options.number("experts"))]);
  },
  lower: ({ b, options, values: [value], output, weight }) => {
    const shape = b.typeOf(value!).shape;
    const rows = shape.slice(0, -1).reduce<Dimension>(dimensions.multiply, 1);
    const product = ops.matmul(b, ops.reshape(b, value!, [rows, shape.at(-1)!]), weight("kernel"));
    const steps = smoothStep.lower(
      b,
      options.boolean("use_bias") ? ops.add(b, product, weight("bias")) : product,
      options,
    );
    const bits = Math.log2(options.number("experts"));
    let chosen = ops.ones(b, [rows, 1]);
    // The first bit is the lowest: it tells neighbours apart, so each further one doubles what is there.
    for (let bit = 0; bit < bits; bit++) {
      const s = ops.sliceAxis(b, steps, 1, bit, 1);
      chosen = ops.concat(b, [ops.mul(b, chosen, ops.sub(b, 1, s)), ops.mul(b, chosen, s)], 1);
    }
    return ops.reshape(b, chosen, [...shape.slice(0, -1), output.dims.at(-1)!]);
  },
};
