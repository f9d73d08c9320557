import type { TrainDocument } from "../document/types.js";
import { elementCount } from "../runtime/elements.js";
import type { ModelAnalysis } from "./analysis.js";
import { groupWeights } from "./groups.js";
import type { TrainedWeight } from "./trained.js";

/** Trained weights that the same tasks reach, two or more. */
export interface SharedGroup {
  /** `trunk.*`, or a single weight's path. */
  readonly pattern: string;
  readonly parameters: number;
  readonly tasks: readonly string[];
  readonly layers: readonly SharedLayer[];
}

export interface SharedLayer {
  /** The path of the layer, with which the paths of its weights begin. */
  readonly path: string;
  readonly weights: readonly TrainedWeight[];
}

export function sharedGroups(model: ModelAnalysis, train: TrainDocument): SharedGroup[] {
  return groupWeights(model.trained(train), ({ tasks }) => tasks.join()).flatMap(({ pattern, weights }) => {
    const [{ tasks }] = weights;
    if (tasks.length < 2) return [];
    const parameters = weights.reduce((sum, { shape }) => sum + elementCount(shape), 0);
    return [{ pattern, parameters, tasks, layers: layersOf(weights) }];
  });
}

function layersOf(weights: readonly TrainedWeight[]): SharedLayer[] {
  const layers = new Map<string, TrainedWeight[]>();
  for (const weight of weights) {
    const path = weight.path.split(".").slice(0, -1).join(".") || weight.path;
    const inside = layers.get(path) ?? [];
    inside.push(weight);
    layers.set(path, inside);
  }
  return [...layers].map(([path, inside]) => ({ path, weights: inside }));
}
