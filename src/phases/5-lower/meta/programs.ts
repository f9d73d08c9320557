import type { MetaDocument, ModelDocument } from "../../../document/types.js";
import type { ModelAnalysis } from "../../../model/analysis.js";
import type { GradientAlgorithm } from "../../../library/meta-entry.js";
import { B, createBuilder, ops, type Builder, type Program } from "../../../tensor/index.js";
import { lookup, pairs } from "../../../tensor/lookup.js";
import type { Forward } from "../forward.js";
import { names } from "../names.js";
import { initProgram } from "../init.js";
import { finish, lazily } from "../lazily.js";
import { updateProgram } from "../programs.js";
import { clockArguments, type Clock } from "../schedules.js";
import { writeMeasures } from "../task-losses.js";
import { keepOfMetric, metricForward, metricGradients } from "./metric.js";
import { episodeForward, resultsAt, statisticsProgram } from "./passes.js";
import { ofGradients, planMeta, type AnyPlan, type MetaPlan } from "./plan.js";
import { beginnings, instead, keptStates, readState, readStates, resolver } from "./states.js";
import { adaptProgram, gradientsProgram } from "./task.js";

/**
 * The programs of a model with a `meta` section. `gradients` accumulates one task's meta-gradient for `update`; `begin` sets the
 * adapting weights to a task's start, `adapt` takes one step on a support of B rows, `keep` stores what predictions need of the
 * support besides, and `predict` and `evaluate` use both.
 */
export type MetaPrograms = Readonly<
  Record<"init" | "begin" | "gradients" | "update" | "predict" | "evaluate", Program>
> &
  Readonly<Partial<Record<"adapt" | "keep", Program>>>;

/** Phase 5 for a document with a `meta` section. */
export function lowerMeta(
  model: ModelAnalysis<ModelDocument & { readonly meta: MetaDocument }>,
): MetaPrograms {
  const plan = planMeta(model);
  const { state } = model;
  return lazily<MetaPrograms>({
    init: () => initProgram(plan.outer, state),
    begin: () => beginProgram(plan),
    ...(ofGradients(plan)
      ? { gradients: () => gradientsProgram(plan), adapt: () => adaptProgram(plan) }
      : { gradients: () => metricGradients(plan) }),
    update: () => updateProgram(plan.outer),
    ...(keptStates(plan).length > 0 ? { keep: () => keepProgram(plan) } : {}),
    predict: () => predictProgram(plan),
    evaluate: () => evaluateProgram(plan),
  });
}

function beginProgram(plan: MetaPlan): Program {
  const b = createBuilder("begin");
  const start = beginnings(b, plan);
  for (const [{ path }, value] of pairs(plan.adapting, start))
    b.update(names.adapted(path), ops.barrier(b, value));
  for (const { path, shape, initial } of keptStates(plan)) b.update(path, ops.fill(b, initial, shape));
  return finish(b);
}

/** The weights of the adapted model. */
function adaptedWeights(b: Builder, { model, adapting }: MetaPlan) {
  const adapted = adapting.map(
    ({ path, shape }) => [path, readState(b, { path: names.adapted(path), shape })] as const,
  );
  return new Map([...readStates(b, model.weights), ...adapted]);
}

function keepProgram(plan: AnyPlan): Program {
  const b = createBuilder("keep");
  const clock = clockArguments(b);
  if (ofGradients(plan)) keepStatistics(b, plan, clock);
  else keepOfMetric(b, plan, clock);
  return finish(b);
}

/** The statistics of a support of B rows under the adapted weights. */
function keepStatistics(b: Builder, plan: MetaPlan<GradientAlgorithm>, clock: Clock): void {
  const resolve = instead(resolver(b, plan, clock, "support"), adaptedWeights(b, plan));
  for (const [path, value] of resultsAt(b, statisticsProgram(plan, B, false), resolve))
    b.update(names.adapted(path), value);
}

function adaptedForward(b: Builder, plan: AnyPlan): Forward {
  const clock = clockArguments(b);
  const { state } = plan.model;
  const kept = plan.norm === "support";
  const stored = new Map(
    state.map(({ path, shape }) => [path, readState(b, { path: kept ? names.adapted(path) : path, shape })]),
  );
  if (!ofGradients(plan)) return metricForward(b, plan, clock, stored);
  const pass = { rows: B, part: "query", training: false } as const;
  return episodeForward(b, plan, pass, { weights: adaptedWeights(b, plan), state: stored, clock });
}

function predictProgram(plan: AnyPlan): Program {
  const b = createBuilder("predict");
  const forward = adaptedForward(b, plan);
  for (const task of plan.document.tasks)
    b.result(names.prediction(task.name), lookup(forward.values, task.output));
  return finish(b);
}

function evaluateProgram(plan: AnyPlan): Program {
  const b = createBuilder("evaluate");
  const forward = adaptedForward(b, plan);
  writeMeasures(b, plan.model, forward);
  return finish(b);
}
