import type { ModelAnalysis } from "../../model/analysis.js";
import { elementCount } from "../../runtime/elements.js";
import { B, createBuilder, multiplyAddsOf, simplify, type Program } from "../../tensor/index.js";
import { lowerForward } from "./forward.js";
import { names } from "./names.js";

/**
 * Floating-point operations of predicting a row: two for every multiply-add, whether of a kernel or of two values, and one for
 * every number that a layer gives.
 */
export function flopsOf(model: ModelAnalysis): number {
  const program = predicting(model);
  const origins = new Set(program.operations.map((op) => op.origin));
  const given = model.document.nodes.filter((node) => origins.has(node.id) && node.type.batched);
  const numbers = given.reduce((sum, node) => sum + elementCount(node.type.dims), 0);
  return 2 * multiplyAddsOf(program, 1) + numbers;
}

/** The forward pass to the tasks' outputs, without what no task needs. */
function predicting(model: ModelAnalysis): Program {
  const b = createBuilder("predict");
  const { weights, state, document } = model;
  const read = ({ path, shape }: { readonly path: string; readonly shape: readonly number[] }) =>
    [path, b.state(path, { dtype: "float", shape })] as const;
  const { values } = lowerForward(b, model, {
    weights: new Map(weights.map(read)),
    state: new Map(state.map(read)),
    batch: B,
  });
  for (const task of document.tasks) {
    const value = values.get(task.output);
    if (value) b.result(names.prediction(task.name), value);
  }
  return simplify(b.build());
}
