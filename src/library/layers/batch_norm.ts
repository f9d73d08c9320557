import { ops, type Value } from "../../tensor/index.js";
import type { LowerContext } from "../entry.js";
import { defineLayer } from "../kinds/layer.js";
import { option, x } from "../kinds/parameters.js";
import { flag, rate } from "../kinds/values.js";
import { isLinear } from "../ranges.js";
import { dimensionAt } from "../sizes.js";
import { affine, affineParameters, affineWeights } from "./affine.js";
import { floatInput, lastDimension } from "./shapes.js";

export const batchNorm = defineLayer({
  name: "batch_norm",
  doc: "Normalizes each channel (last axis) over the batch and the other axes: `gamma · (x - mean) / √(variance + epsilon) + beta`. Training uses the batch's statistics and updates moving ones, which prediction uses (Ioffe and Szegedy 2015). Unlike Keras's, moving statistics begin as the mean of the steps so far and are moving averages from then on, when `momentum` keeps less than that: after few steps they are those of the data, and not of where they began.",
  example: "h = image |> conv2d(16, 3) |> batch_norm |> relu",
  parameters: {
    x,
    momentum: option(rate, "The share of the moving statistics that is kept at a step.", 0.99),
    correction: option(
      flag,
      "Whether step t keeps at most 1 - 1/t of them; `false` is Keras's rule, by which they begin at 0 and 1.",
      true,
    ),
    ...affineParameters,
  },
  range: isLinear,
  shape: ({ inputs: { x: input } }) =>
    floatInput(input, "batch_norm") ?? lastDimension(input, "batch_norm") ?? input,
  weights: affineWeights,
  state: ({ inputs: { x: input }, options }) => [
    { name: "moving_mean", shape: [dimensionAt(input.dims, -1)], initial: 0 },
    { name: "moving_variance", shape: [dimensionAt(input.dims, -1)], initial: 1 },
    ...(options.correction ? [{ name: "moving_steps", shape: [], initial: 0 }] : []),
  ],
  lower: (context) => {
    const {
      b,
      options,
      values: { x: value },
      training,
      state,
      setState,
      afresh,
    } = context;
    const axes = b
      .typeOf(value)
      .shape.slice(0, -1)
      .map((_, i) => i);
    let mean = state("moving_mean");
    let variance = state("moving_variance");
    if (training) {
      const batchMean = ops.mean(b, value, axes, false);
      const batchVariance = ops.mean(b, ops.square(b, ops.sub(b, value, batchMean)), axes, false);
      const keep = kept(context);
      const blend = (old: Value, now: Value) =>
        afresh ? now : ops.add(b, ops.mul(b, old, keep), ops.mul(b, ops.detach(b, now), ops.sub(b, 1, keep)));
      setState("moving_mean", blend(mean, batchMean));
      setState("moving_variance", blend(variance, batchVariance));
      mean = batchMean;
      variance = batchVariance;
    }
    const deviation = ops.sqrt(b, ops.add(b, variance, options.epsilon));
    const normal = ops.div(b, ops.sub(b, value, mean), deviation);
    return affine(context, normal);
  },
});

type Moving = { readonly momentum: number; readonly correction: boolean };

/** The share of the moving statistics that a step keeps; with `correction` the first steps make a plain mean. */
function kept({ b, options, state, setState, afresh }: LowerContext<Moving>): Value {
  const momentum = ops.scalar(b, options.momentum);
  if (!options.correction) return momentum;
  const steps = afresh ? ops.scalar(b, 1) : ops.add(b, state("moving_steps"), 1);
  setState("moving_steps", steps);
  return ops.min(b, momentum, ops.sub(b, 1, ops.div(b, 1, steps)));
}
