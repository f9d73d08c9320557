import type { ModelAnalysis } from "../../model/analysis.js";
import type { ModelDocument } from "../../document/types.js";
import { B, createBuilder, ops, type Value } from "../../tensor/index.js";
import { lowerForward } from "./forward.js";
import { clockArguments } from "./schedules.js";
import { taskTerms } from "./task-losses.js";

/**
 * The paths of the weights that each task's loss has a derivative by, found by differentiating it: what lies behind
 * `detach`, or behind a function without a gradient, is not among them.
 */
export function gradientFlow(model: ModelAnalysis<ModelDocument>): ReadonlyMap<string, ReadonlySet<string>> {
  const b = createBuilder("flow");
  const { weights, state } = model;
  const type = (shape: readonly number[]) => ({ dtype: "float", shape }) as const;
  const read = (all: readonly { path: string; shape: readonly number[] }[]) =>
    new Map(all.map(({ path, shape }): [string, Value] => [path, b.state(path, type(shape))]));
  const values = read(weights);
  const { seed, step } = clockArguments(b);
  const given = { weights: values, state: read(state), random: { seed, step }, batch: B };
  const terms = taskTerms(b, model, lowerForward(b, model, given), B);
  const one = ops.scalar(b, 1);
  const reached = terms.map(({ task, sum }) => {
    const found = b.pullback([sum], [one], [...values.values()]);
    const paths = [...values.keys()].filter((_, i) => found[i] !== undefined);
    return [task.name, new Set(paths)] as const;
  });
  return new Map(reached);
}
