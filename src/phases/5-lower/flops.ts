import type { TaskDocument } from "../../document/types.js";
import { collectWeights, type ModelParts } from "../../document/weights.js";
import { B, createBuilder, multiplyAddsOf, simplify, type Program } from "../../tensor/index.js";
import { lowerForward } from "./forward.js";
import { names } from "./names.js";
import { elementCount } from "../../runtime/tensor.js";

type Model = ModelParts & { readonly tasks: readonly TaskDocument[] };

/**
 * Floating-point operations of predicting a row: two for every multiply-add, whether of a kernel or of two values, and one for
 * every number that a layer gives.
 */
export function flopsOf(model: Model): number {
  const program = predicting(model);
  const origins = new Set(program.operations.map((op) => op.origin));
  const given = model.nodes.filter((node) => origins.has(node.id) && node.type.batched);
  const numbers = given.reduce((sum, node) => sum + elementCount(node.type.dims), 0);
  return 2 * multiplyAddsOf(program, 1) + numbers;
}

/** The forward pass to the tasks' outputs, without what no task needs. */
function predicting(model: Model): Program {
  const b = createBuilder("predict");
  const { weights, state } = collectWeights(model);
  const read = ({ path, shape }: { readonly path: string; readonly shape: readonly number[] }) =>
    [path, b.state(path, { dtype: "float", shape })] as const;
  const { values } = lowerForward(b, model, {
    weights: new Map(weights.map(read)),
    state: new Map(state.map(read)),
    batch: B,
  });
  for (const task of model.tasks) {
    const value = values.get(task.output);
    if (value) b.result(names.prediction(task.name), value);
  }
  return simplify(b.build());
}
