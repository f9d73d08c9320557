import { entry as libraryEntry } from "../library/index.js";
import { elementCount } from "../runtime/elements.js";
import type { NodeDocument } from "../document/types.js";
import type { WeightInfo } from "./weights.js";

/** What a model costs: numbers in weights, their bytes in float32, and layers. */
export interface Costs {
  readonly parameters: number;
  readonly weights: number;
  readonly layers: number;
  /** The weights, the largest first. */
  readonly largest: readonly { readonly path: string; readonly size: number }[];
}

export function costsOf(nodes: readonly NodeDocument[], weights: readonly WeightInfo[]): Costs {
  const sizes = weights.map((w) => ({ path: w.path, size: elementCount(w.shape) }));
  const parameters = sizes.reduce((sum, w) => sum + w.size, 0);
  return {
    parameters,
    weights: 4 * parameters,
    layers: nodes.filter((node) => !libraryEntry("layer", node.layer).hidden).length,
    largest: sizes.sort((a, b) => b.size - a.size),
  };
}
