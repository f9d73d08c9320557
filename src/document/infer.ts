import type { Json, LayerEntry, Problem, StateSpec, ValueType, WeightSpec } from "../library/entry.js";
import { problem } from "../library/entry.js";
import { entry as libraryEntry } from "../library/index.js";
import { isProblem, show } from "../library/layers/shapes.js";
import { completeOptions, readOptions } from "../library/options.js";
import { elementCount } from "../runtime/tensor.js";

/** What the library says of one application of a layer. */
export interface Inference {
  readonly type: ValueType;
  readonly weights: readonly WeightSpec[];
  readonly state: readonly StateSpec[];
  readonly options: Record<string, Json>;
}

/** The bound on one tensor, in numbers of four bytes. */
const MAX_ELEMENTS = 2 ** 31 / 4;

/** The type, weights and state of a layer at these inputs, or why it does not fit. Options are known to be valid. */
export function inferNode(
  layer: LayerEntry,
  inputs: readonly ValueType[],
  given: Readonly<Record<string, Json>>,
): Inference | Problem {
  const context = { options: readOptions(layer, given), inputs };
  const type = layer.shape(context);
  if (isProblem(type)) return type;
  if (elementCount(type.dims) > MAX_ELEMENTS) {
    return problem("NN3006", `one example's ${show(type)} would take more than 2³¹ bytes.`);
  }
  const weights = layer.weights?.(context) ?? [];
  for (const weight of weights) {
    if (elementCount(weight.shape) > MAX_ELEMENTS) {
      return problem(
        "NN3006",
        `the weight \`${weight.name}\` of [${weight.shape.join(", ")}] would take more than 2³¹ bytes.`,
      );
    }
    if ("tied" in weight) continue;
    const wrong = libraryEntry("initializer", weight.initializer.name).fits?.(weight.drawnAs ?? weight.shape);
    if (wrong) return wrong;
  }
  return { type, weights, state: layer.state?.(context) ?? [], options: completeOptions(layer, given) };
}
