import type { NodeDocument } from "../document/types.js";
import { entry as libraryEntry } from "../library/index.js";
import { readOptions } from "../library/options.js";
import { byTensor } from "../library/tensors.js";
import { elementCount } from "../runtime/elements.js";
import type { ModelAnalysis } from "./analysis.js";

/**
 * Floating-point operations of predicting a row: two for every multiply-add, whether of a kernel or of two values, and one for
 * every number that a layer gives. What no task needs is not counted.
 */
export function flopsOf(model: ModelAnalysis): number {
  return model.document.nodes
    .filter(({ id }) => model.reach.hasValue(id))
    .reduce((sum, node) => sum + 2 * multiplyAddsOf(model, node) + numbersOf(model, node), 0);
}

function multiplyAddsOf({ types }: ModelAnalysis, { layer, inputs, options, type }: NodeDocument): number {
  const entry = libraryEntry("layer", layer);
  if (!entry.multiplyAdds) return 0;
  const tensors = inputs.flatMap((ref) => types.get(ref) ?? []);
  return entry.multiplyAdds({
    options: readOptions(entry, options),
    inputs: byTensor(entry, tensors),
    output: type,
  });
}

/** How many numbers a node computes for a row; what does not depend on the row is computed before. */
function numbersOf({ types }: ModelAnalysis, { layer, inputs, type }: NodeDocument): number {
  if (!type.batched) return 0;
  const [only, ...others] = inputs;
  const same = others.length === 0 && types.get(only ?? "")?.dims.join() === type.dims.join();
  return same && libraryEntry("layer", layer).copies ? 0 : elementCount(type.dims);
}
