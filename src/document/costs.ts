import { collectWeights, type ModelParts } from "./weights.js";
import { elementCount } from "../runtime/tensor.js";

/** What a model costs: numbers in weights, their bytes in float32, and layers. */
export interface Costs {
  readonly parameters: number;
  readonly weights: number;
  readonly layers: number;
  /** The weights, the largest first. */
  readonly largest: readonly { readonly path: string; readonly size: number }[];
}

export function costs(model: ModelParts): Costs {
  const { weights } = collectWeights(model);
  const sizes = weights.map((w) => ({ path: w.path, size: elementCount(w.shape) }));
  const parameters = sizes.reduce((sum, w) => sum + w.size, 0);
  return {
    parameters,
    weights: 4 * parameters,
    layers: model.nodes.filter((node) => !["constant", "weight"].includes(node.layer)).length,
    largest: sizes.sort((a, b) => b.size - a.size),
  };
}
