import { namedSources } from "../../model/sources.js";
import type { ModelAnalysis } from "../../model/analysis.js";
import type { ModelDocument, TrainDocument } from "../../document/types.js";
import type { StateInfo } from "../../model/weights.js";
import { looksAfter } from "../../library/balancers/looks.js";
import { B, createBuilder, ops, type Builder, type Program, type Value } from "../../tensor/index.js";
import {
  addWaiting,
  balanceStep,
  batchLosses,
  lookAfter,
  moveParameters,
  takeWaiting,
  totalOf,
  waitForUpdate,
  waitingLosses,
  writeFactors,
  type ByPath,
} from "./balancing.js";
import { lookup, pairs } from "../../tensor/lookup.js";
import { lowerForward, type Forward } from "./forward.js";
import { initProgram } from "./init.js";
import { finish, lazily } from "./lazily.js";
import { names } from "./names.js";
import { planTraining, type TrainingPlan } from "./plan.js";
import { clockArguments, type Clock } from "./schedules.js";
import { taskLosses, taskTerms, writeMeasures, type TaskLosses } from "./task-losses.js";
import { applyGradients } from "./update.js";

/**
 * The programs of a model; each is made when it is first asked for. There are `gradients` and `update` where a step
 * can be made of several batches.
 */
export type ModelPrograms = Readonly<Record<"init" | "step" | "predict" | "evaluate", Program>> &
  Readonly<Partial<Record<"gradients" | "update", Program>>>;

/** Phase 5: lowers a model document to tensor programs. */
export function lower(model: ModelAnalysis<ModelDocument>, train: TrainDocument): ModelPrograms {
  const plan = planTraining(model, train);
  const { state } = model;
  const apart = { gradients: () => gradientsProgram(plan, state), update: () => updateProgram(plan) };
  return lazily<ModelPrograms>({
    init: () => initProgram(plan, state),
    ...(looksAfter(plan.balancer.entry) ? {} : apart),
    step: () => stepProgram(plan, state),
    predict: () => predictProgram(plan, state),
    evaluate: () => evaluateProgram(plan, state),
  });
}

function weightStates(b: Builder, plan: TrainingPlan): Map<string, Value> {
  return new Map(plan.weights.map((w) => [w.path, b.state(w.path, { dtype: "float", shape: w.shape })]));
}

function libraryStates(b: Builder, state: readonly StateInfo[]): Map<string, Value> {
  return new Map(state.map((s) => [s.path, b.state(s.path, { dtype: "float", shape: s.shape })]));
}

/** Forward pass and losses of one batch; writes losses and counts. */
function batchProgram(plan: TrainingPlan, state: readonly StateInfo[], name: string) {
  const b = createBuilder(name);
  const weights = weightStates(b, plan);
  const clock = clockArguments(b);
  const rows = ops.size(b, B);
  const { found, terms, forward } = trainingLosses(b, plan, state, weights, clock);
  for (const [task, loss] of found.losses) b.result(names.loss(task), loss);
  for (const { task, count } of terms) if (count) b.result(names.count(task.name), count);
  moveState(b, plan.model, forward, found);
  return { b, weights, clock, rows, found };
}

/**
 * Updates library state after a batch. With several sources a layer keeps its state in batches without labels of any of its
 * tasks, since the inputs that it saw there may be fillers.
 */
function moveState(
  b: Builder,
  { document, reach }: ModelAnalysis<ModelDocument>,
  forward: Forward,
  { seen }: TaskLosses,
): void {
  const several = namedSources(document.data).length > 0;
  for (const [path, value] of forward.state) {
    const tasks = several ? reach.usersOf(path) : [];
    const flags = tasks.flatMap((task) => seen.get(task) ?? []);
    if (flags.length === 0 || flags.length < tasks.length) b.update(path, value);
    else {
      const any = flags.reduce((x, y) => ops.or(b, x, y));
      b.update(path, ops.select(b, any, value, b.state(path, b.typeOf(value))));
    }
  }
}

function trainingLosses(
  b: Builder,
  plan: TrainingPlan,
  state: readonly StateInfo[],
  weights: ByPath,
  { seed, step }: Clock,
) {
  const given = { weights, state: libraryStates(b, state), random: { seed, step }, batch: B };
  const forward = lowerForward(b, plan.model, given);
  const terms = taskTerms(b, plan.model, forward, B);
  return { forward, terms, found: taskLosses(b, terms) };
}

/** The gradients of a balancer's total, by the paths of weights and of its own parameters. */
function totalGradients(b: Builder, plan: TrainingPlan, total: Value, weights: ByPath): ByPath {
  const parameters = plan.balancer.state
    .filter((s) => s.adam)
    .map(({ name, shape }) => {
      const path = names.balancer(name);
      return [path, b.state(path, { dtype: "float", shape })] as const;
    });
  const wrt = [...plan.trained.map((w) => [w.path, lookup(weights, w.path)] as const), ...parameters];
  const found = b.gradients(
    total,
    wrt.map(([, value]) => value),
  );
  return new Map(pairs(wrt, found).map(([[path], gradient]) => [path, gradient]));
}

/** Writes the tasks' factors in the total; without balancer states they are the static weights, which need not be written. */
function writeTotalFactors(b: Builder, plan: TrainingPlan, total: Value, { losses }: TaskLosses): void {
  if (plan.balancer.state.length > 0) writeFactors(b, plan, b.gradients(total, [...losses.values()]));
}

function stepProgram(plan: TrainingPlan, state: readonly StateInfo[]): Program {
  const { b, weights, clock, found } = batchProgram(plan, state, "step");
  const { seen } = found;
  if (plan.balancer.entry.form === "total") {
    const total = totalOf(b, plan, found);
    const gradients = totalGradients(b, plan, total, weights);
    applyGradients(b, plan, { weights: gradients, seen }, weights, clock);
    moveParameters(b, plan, (path) => lookup(gradients, path), seen, clock);
    writeTotalFactors(b, plan, total, found);
    return finish(b);
  }
  const step = batchLosses(b, found, new Map(plan.trained.map((w) => [w.path, lookup(weights, w.path)])));
  const gradients = balanceStep(b, plan, step, clock);
  const moved = applyGradients(b, plan, { weights: gradients, seen }, weights, clock);
  if (looksAfter(plan.balancer.entry)) {
    const after = trainingLosses(b, plan, state, moved, clock);
    lookAfter(b, plan, step, [...after.found.losses.values()], clock);
  }
  return finish(b);
}

/** Accumulates one batch's gradients, times its rows, for `update`. */
function gradientsProgram(plan: TrainingPlan, state: readonly StateInfo[]): Program {
  const { b, weights, rows, found } = batchProgram(plan, state, "gradients");
  if (plan.balancer.entry.form === "total") {
    const total = totalOf(b, plan, found);
    for (const [path, gradient] of totalGradients(b, plan, total, weights))
      addWaiting(b, names.gradient(path), gradient, rows);
    writeTotalFactors(b, plan, total, found);
  } else waitForUpdate(b, plan, found, weights, rows);
  for (const [task, seen] of found.seen) {
    const before = b.state(names.seen(task), { dtype: "float", shape: [] });
    b.update(names.seen(task), ops.max(b, before, ops.cast(b, seen, "float")));
  }
  return finish(b);
}

/** Moves the weights by the mean over the rows of the accumulated gradients, which begin anew at 0. */
export function updateProgram(plan: TrainingPlan): Program {
  const b = createBuilder("update");
  const weights = weightStates(b, plan);
  const clock = clockArguments(b);
  const rows = b.argument(names.waitingRows, { dtype: "float", shape: [] });
  const seen = takeSeen(b, plan);
  if (plan.balancer.entry.form === "total") {
    const waiting = (path: string, shape: readonly number[]) =>
      takeWaiting(b, names.gradient(path), shape, rows);
    const gradients = new Map(plan.trained.map((w) => [w.path, waiting(w.path, w.shape)]));
    applyGradients(b, plan, { weights: gradients, seen }, weights, clock);
    moveParameters(b, plan, (path) => waiting(path, []), seen, clock);
    return finish(b);
  }
  const gradients = balanceStep(b, plan, waitingLosses(b, plan, seen, rows), clock);
  applyGradients(b, plan, { weights: gradients, seen }, weights, clock);
  return finish(b);
}

/** Reads, and then clears, which tasks had labels in the step. */
function takeSeen(b: Builder, { document }: TrainingPlan): Map<string, Value> {
  const seen = new Map<string, Value>();
  for (const { name, label } of document.tasks) {
    if (!label.optional) continue;
    const before = b.state(names.seen(name), { dtype: "float", shape: [] });
    seen.set(name, ops.lt(b, ops.scalar(b, 0), before));
    b.update(names.seen(name), ops.scalar(b, 0));
  }
  return seen;
}

function inference(b: Builder, plan: TrainingPlan, state: readonly StateInfo[]): Forward {
  return lowerForward(b, plan.model, {
    weights: weightStates(b, plan),
    state: libraryStates(b, state),
    batch: B,
  });
}

/** The tasks' outputs as the spec declares them. */
function predictProgram(plan: TrainingPlan, state: readonly StateInfo[]): Program {
  const b = createBuilder("predict");
  const forward = inference(b, plan, state);
  for (const task of plan.document.tasks)
    b.result(names.prediction(task.name), lookup(forward.values, task.output));
  return finish(b);
}

/** Gives the sums, counts and scores that losses and metrics of a whole part are computed from. */
function evaluateProgram(plan: TrainingPlan, state: readonly StateInfo[]): Program {
  const b = createBuilder("evaluate");
  const forward = inference(b, plan, state);
  writeMeasures(b, plan.model, forward);
  return finish(b);
}
