import { groupWeights } from "./groups.js";
import { trainedWeights, type TrainedWeight } from "./trained.js";
import type { ModelDocument, TrainDocument } from "./types.js";
import { elementCount } from "../runtime/tensor.js";

/** Trained weights that the same tasks reach, two or more. */
export interface SharedGroup {
  /** `trunk.*`, or a single weight's path. */
  readonly pattern: string;
  readonly parameters: number;
  readonly tasks: readonly string[];
  readonly layers: readonly SharedLayer[];
}

export interface SharedLayer {
  /** The path that its weights' paths begin with. */
  readonly path: string;
  readonly weights: readonly TrainedWeight[];
}

export function sharedGroups(document: ModelDocument, train: TrainDocument): SharedGroup[] {
  const trained = trainedWeights(document, train);
  return groupWeights(trained, ({ tasks }) => tasks.join())
    .filter(({ weights }) => weights[0]!.tasks.length > 1)
    .map(({ pattern, weights }) => ({
      pattern,
      parameters: weights.reduce((sum, { shape }) => sum + elementCount(shape), 0),
      tasks: weights[0]!.tasks,
      layers: layersOf(weights),
    }));
}

function layersOf(weights: readonly TrainedWeight[]): SharedLayer[] {
  const layers = new Map<string, TrainedWeight[]>();
  for (const weight of weights) {
    const path = weight.path.split(".").slice(0, -1).join(".") || weight.path;
    layers.set(path, [...(layers.get(path) ?? []), weight]);
  }
  return [...layers].map(([path, inside]) => ({ path, weights: inside }));
}
