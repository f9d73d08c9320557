import type { SharedGroup } from "../../model/shared.js";
import type { ModelAnalysis } from "../../model/analysis.js";
import type { ModelDocument } from "../../document/types.js";
import { gramOf } from "../../library/balancers/common.js";
import { B, createBuilder, simplify, type Program, type Value } from "../../tensor/index.js";
import { lowerForward } from "./forward.js";
import { lookup, pairs } from "../../tensor/lookup.js";
import { names } from "./names.js";
import { clockArguments } from "./schedules.js";
import { taskLosses, taskTerms } from "./task-losses.js";

/**
 * Measures one batch and changes nothing: for each shared layer the products of the tasks' gradients, a matrix of all
 * tasks by all tasks, and how many labels each task has. It takes the arguments of a training step.
 */
export function profileProgram(model: ModelAnalysis<ModelDocument>, groups: readonly SharedGroup[]): Program {
  const b = createBuilder("profile");
  const { document, weights: all, state } = model;
  const read = (from: readonly { path: string; shape: readonly number[] }[]) =>
    new Map(from.map(({ path, shape }): [string, Value] => [path, b.state(path, { dtype: "float", shape })]));
  const weights = read(all);
  const { seed, step } = clockArguments(b);
  const given = { weights, state: read(state), random: { seed, step }, batch: B };
  const terms = taskTerms(b, model, lowerForward(b, model, given), B);
  for (const { task, count } of terms) if (count) b.result(names.count(task.name), count);
  const { losses } = taskLosses(b, terms);
  const layers = groups.flatMap((group) => group.layers);
  const looked = layers.flatMap((layer) => layer.weights);
  const gradients = [...losses.values()].map((loss) => {
    const found = b.gradients(
      loss,
      looked.map(({ path }) => lookup(weights, path)),
    );
    return new Map(pairs(looked, found).map(([{ path }, gradient]) => [path, gradient]));
  });
  for (const { path, weights: inside } of layers) {
    const shared = inside.map((weight) => ({
      path: weight.path,
      shape: weight.shape,
      gradients: gradients.map((ofTask) => lookup(ofTask, weight.path)),
    }));
    b.result(names.gram(path), gramOf({ b, shared, tasks: document.tasks }));
  }
  return simplify(b.build());
}
