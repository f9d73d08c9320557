import { ops } from "../../tensor/index.js";
import type { LayerEntry } from "../entry.js";
import { option, rate, x } from "../schemas.js";
import { affine, affineParameters, affineWeights } from "./affine.js";
import { floatInput, lastDimension } from "./shapes.js";
import { isLinear } from "../ranges.js";

export const batchNorm: LayerEntry = {
  kind: "layer",
  name: "batch_norm",
  doc: "Normalizes each channel (last axis) over the batch and the other axes: `gamma · (x - mean) / √(variance + epsilon) + beta`. Training uses the batch's statistics and updates moving ones, which prediction uses (Ioffe and Szegedy 2015).",
  example: "h = image |> conv2d(16, 3) |> batch_norm |> relu",
  parameters: [
    x,
    option("momentum", rate, "The share of the moving statistics that is kept at a step.", 0.99),
    ...affineParameters,
  ],
  range: isLinear,
  shape: ({ inputs: [input] }) =>
    floatInput(input!, "batch_norm") ?? lastDimension(input!, "batch_norm") ?? input!,
  weights: affineWeights,
  state: ({ inputs: [input] }) => [
    { name: "moving_mean", shape: [input!.dims.at(-1)!], initial: 0 },
    { name: "moving_variance", shape: [input!.dims.at(-1)!], initial: 1 },
  ],
  lower: (context) => {
    const {
      b,
      options,
      values: [value],
      training,
      state,
      setState,
      afresh,
    } = context;
    const axes = b
      .typeOf(value!)
      .shape.slice(0, -1)
      .map((_, i) => i);
    let mean = state("moving_mean");
    let variance = state("moving_variance");
    if (training) {
      const batchMean = ops.mean(b, value!, axes, false);
      const batchVariance = ops.mean(b, ops.square(b, ops.sub(b, value!, batchMean)), axes, false);
      const keep = options.number("momentum");
      const blend = (old: typeof mean, now: typeof mean) =>
        afresh ? now : ops.add(b, ops.mul(b, old, keep), ops.mul(b, ops.detach(b, now), 1 - keep));
      setState("moving_mean", blend(mean, batchMean));
      setState("moving_variance", blend(variance, batchVariance));
      mean = batchMean;
      variance = batchVariance;
    }
    const deviation = ops.sqrt(b, ops.add(b, variance, options.number("epsilon")));
    const normal = ops.div(b, ops.sub(b, value!, mean), deviation);
    return affine(context, normal);
  },
};
