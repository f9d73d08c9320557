import { activations } from "../activations/index.js";
import type { ActivationEntry, LayerEntry } from "../entry.js";
import { x } from "../schemas.js";
import { floatInput } from "./shapes.js";

/** An activation as a stage of its own: `x |> relu`. */
function asLayer(activation: ActivationEntry): LayerEntry {
  return {
    kind: "layer",
    name: activation.name,
    doc: activation.doc,
    example: `h = x |> ${activation.name}`,
    activation: activation.name,
    parameters: [x, ...activation.parameters],
    range: ({ options, ranges: [input], output }) => activation.range(options, input!, output.at(-1) ?? 1),
    shape: ({ inputs: [input] }) => floatInput(input!, activation.name) ?? input!,
    lower: ({ b, values: [value], options }) => activation.lower(b, value!, options),
  };
}

export const activationLayers: readonly LayerEntry[] = activations.map(asLayer);
