import { ops } from "../../tensor/index.js";
import type { LayerEntry } from "../entry.js";
import { x } from "../schemas.js";
import { affine, affineParameters, affineWeights } from "./affine.js";
import { floatInput, lastDimension } from "./shapes.js";
import { isLinear } from "../ranges.js";

export const layerNorm: LayerEntry = {
  kind: "layer",
  name: "layer_norm",
  doc: "Normalizes the last axis of each example: `gamma · (x - mean) / √(variance + epsilon) + beta` (Ba, Kiros and Hinton 2016).",
  example: "h = x |> layer_norm |> dense(64, gelu)",
  parameters: [x, ...affineParameters],
  range: isLinear,
  shape: ({ inputs: [input] }) =>
    floatInput(input!, "layer_norm") ?? lastDimension(input!, "layer_norm") ?? input!,
  weights: affineWeights,
  lower: (context) => {
    const {
      b,
      options,
      values: [value],
    } = context;
    const last = [b.typeOf(value!).shape.length - 1];
    const centred = ops.sub(b, value!, ops.mean(b, value!, last, true));
    const variance = ops.mean(b, ops.square(b, centred), last, true);
    const normal = ops.div(b, centred, ops.sqrt(b, ops.add(b, variance, options.number("epsilon"))));
    return affine(context, normal);
  },
};
