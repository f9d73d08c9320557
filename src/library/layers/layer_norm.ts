import { ops } from "../../tensor/index.js";
import type { LayerEntry } from "../entry.js";
import { flag, initializerOption, option, positive, x } from "../schemas.js";
import { floatInput, lastDimension } from "./shapes.js";

export const layerNorm: LayerEntry = {
  kind: "layer",
  name: "layer_norm",
  doc: "Normalizes the last axis of each example: `gamma · (x - mean) / √(variance + epsilon) + beta` (Ba, Kiros and Hinton 2016).",
  example: "h = x |> layer_norm |> dense(64, gelu)",
  parameters: [
    x,
    option("epsilon", positive, "What is added to the variance.", 0.001),
    option("center", flag, "Whether `beta` is added.", true),
    option("scale", flag, "Whether `gamma` is multiplied.", true),
    initializerOption("beta_initializer", "zeros", "How `beta` begins."),
    initializerOption("gamma_initializer", "ones", "How `gamma` begins."),
  ],
  shape: ({ inputs: [input] }) =>
    floatInput(input!, "layer_norm") ?? lastDimension(input!, "layer_norm") ?? input!,
  weights: ({ options, inputs: [input] }) => {
    const shape = [input!.dims.at(-1)!];
    return [
      ...(options.boolean("scale")
        ? [{ name: "gamma", shape, initializer: options.component("gamma_initializer")! }]
        : []),
      ...(options.boolean("center")
        ? [{ name: "beta", shape, initializer: options.component("beta_initializer")! }]
        : []),
    ];
  },
  lower: ({ b, options, values: [value], weight }) => {
    const last = [b.typeOf(value!).shape.length - 1];
    const centred = ops.sub(b, value!, ops.mean(b, value!, last, true));
    const variance = ops.mean(b, ops.square(b, centred), last, true);
    const normal = ops.div(b, centred, ops.sqrt(b, ops.add(b, variance, options.number("epsilon"))));
    const scaled = options.boolean("scale") ? ops.mul(b, normal, weight("gamma")) : normal;
    return options.boolean("center") ? ops.add(b, scaled, weight("beta")) : scaled;
  },
};
