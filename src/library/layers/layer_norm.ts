import { ops } from "../../tensor/index.js";
import { defineLayer } from "../kinds/layer.js";
import { x } from "../kinds/parameters.js";
import { isLinear } from "../ranges.js";
import { affine, affineParameters, affineWeights } from "./affine.js";
import { floatInput, lastDimension } from "./shapes.js";

export const layerNorm = defineLayer({
  name: "layer_norm",
  doc: "Normalizes the last axis of each example: `gamma · (x - mean) / √(variance + epsilon) + beta` (Ba, Kiros and Hinton 2016).",
  example: "h = x |> layer_norm |> dense(64, gelu)",
  parameters: { x, ...affineParameters },
  range: isLinear,
  shape: ({ inputs: { x: input } }) =>
    floatInput(input, "layer_norm") ?? lastDimension(input, "layer_norm") ?? input,
  weights: affineWeights,
  lower: (context) => {
    const {
      b,
      options,
      values: { x: value },
    } = context;
    const last = [b.typeOf(value).shape.length - 1];
    const centred = ops.sub(b, value, ops.mean(b, value, last, true));
    const variance = ops.mean(b, ops.square(b, centred), last, true);
    const normal = ops.div(b, centred, ops.sqrt(b, ops.add(b, variance, options.epsilon)));
    return affine(context, normal);
  },
});
