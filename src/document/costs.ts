import { collectWeights, elementCount, valueTypes, type ModelParts } from "./weights.js";

/** What a model costs: numbers in weights, their bytes in float32, layers, and floating-point operations of a row. */
export interface Costs {
  readonly parameters: number;
  readonly weights: number;
  readonly layers: number;
  readonly flops: number;
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
    flops: flops(model),
    largest: sizes.sort((a, b) => b.size - a.size),
  };
}

/** Two for every multiply-add of a matrix or convolution kernel, one for every other output number. */
function flops(model: ModelParts): number {
  const types = valueTypes(model);
  const shapes = new Map(collectWeights(model).weights.map((w) => [w.path, w.shape]));
  let total = 0;
  for (const node of model.nodes) {
    const out = elementCount(node.type.dims);
    total += out;
    for (const [name, path] of Object.entries(node.weights)) {
      const shape = shapes.get(path)!;
      if (!name.endsWith("kernel") || shape.length < 2) continue;
      const positions =
        shape.length === 4
          ? elementCount(node.type.dims.slice(0, 2))
          : elementCount((types.get(node.inputs[0]!)?.dims ?? []).slice(0, -1));
      total += 2 * elementCount(shape) * positions;
    }
  }
  return total;
}
