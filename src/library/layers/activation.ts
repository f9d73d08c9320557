import { activations } from "../activations/index.js";
import type { ActivationEntry } from "../kinds/activation.js";
import { defineLayer, type LayerEntry } from "../kinds/layer.js";
import { x } from "../kinds/parameters.js";
import { linear } from "../ranges.js";
import { floatInput } from "./shapes.js";

/** An activation as a stage of its own: `x |> relu`. */
function asLayer(activation: ActivationEntry): LayerEntry {
  return defineLayer({
    name: activation.name,
    doc: activation.doc,
    example: `h = x |> ${activation.name}`,
    activation: activation.name,
    copies: activation.identity === true,
    parameters: { x, ...activation.declared },
    range: ({ options, ranges: [input = linear], output }) =>
      activation.range(options, input, output.at(-1) ?? 1),
    shape: ({ inputs }) => floatInput(inputs.x, activation.name) ?? inputs.x,
    lower: ({ b, values, options }) => activation.lower(b, values.x, options),
  });
}

export const activationLayers: readonly LayerEntry[] = activations.map(asLayer);
