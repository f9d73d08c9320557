import type { ModelDocument, TrainDocument } from "../../document/types.js";
import { collectWeights, type StateInfo } from "../../document/weights.js";
import { entry as libraryEntry } from "../../library/index.js";
import { readOptions } from "../../library/options.js";
import {
  B,
  createBuilder,
  ops,
  simplify,
  type Builder,
  type Program,
  type Value,
} from "../../tensor/index.js";
import { lowerForward, type Forward } from "./forward.js";
import { classCount, linkedOutput, taskTerms } from "./losses.js";
import { names, streamOf } from "./names.js";
import { clockArguments } from "./schedules.js";
import {
  applyGradients,
  balancedGradients,
  planTraining,
  type Gradients,
  type TrainingPlan,
} from "./training.js";

/** The programs of a model; each is made when it is first asked for. */
export type ModelPrograms = Readonly<
  Record<"init" | "gradients" | "update" | "step" | "predict" | "evaluate", Program>
>;

/** Phase 5: lowers a model document to tensor programs. */
export function lower(document: ModelDocument, train: TrainDocument): ModelPrograms {
  const plan = planTraining(document, train);
  const { state } = collectWeights(document);
  return lazily({
    init: () => initProgram(plan, state),
    gradients: () => gradientsProgram(plan, state),
    update: () => updateProgram(plan),
    step: () => stepProgram(plan, state),
    predict: () => predictProgram(plan, state),
    evaluate: () => evaluateProgram(plan, state),
  });
}

/** A record whose values are made when they are first read. */
function lazily<K extends string, V>(makers: Readonly<Record<K, () => V>>): Readonly<Record<K, V>> {
  const made = new Map<K, V>();
  const record = {} as Record<K, V>;
  for (const key of Object.keys(makers) as K[]) {
    const get = () => {
      if (!made.has(key)) made.set(key, makers[key]());
      return made.get(key)!;
    };
    Object.defineProperty(record, key, { enumerable: true, get });
  }
  return record;
}

function finish(b: Builder): Program {
  return simplify(b.build());
}

function weightStates(b: Builder, plan: TrainingPlan): Map<string, Value> {
  return new Map(plan.weights.map((w) => [w.path, b.state(w.path, { dtype: "float", shape: w.shape })]));
}

function balancerStates(b: Builder, plan: TrainingPlan): Map<string, Value> {
  return new Map(plan.balancer.map((p) => [p.path, b.state(p.path, { dtype: "float", shape: [] })]));
}

function libraryStates(b: Builder, state: readonly StateInfo[]): Map<string, Value> {
  return new Map(state.map((s) => [s.path, b.state(s.path, { dtype: "float", shape: s.shape })]));
}

/** Weights from their initializers; everything else that training keeps begins at its constant. */
function initProgram(plan: TrainingPlan, state: readonly StateInfo[]): Program {
  const b = createBuilder("init");
  const seed = b.argument("seed", { dtype: "int", shape: [] });
  for (const { path, shape, initializer, node } of plan.weights) {
    b.withOrigin(node, () => {
      const entry = libraryEntry("initializer", initializer.name);
      const options = readOptions(entry, initializer.options);
      b.update(path, entry.lower({ b, options, shape, seed, stream: streamOf(path) }));
    });
  }
  const constant = (name: string, value: number, shape: readonly number[]) =>
    b.update(name, ops.fill(b, value, shape));
  for (const { path, shape, initial } of state) constant(path, initial, shape);
  for (const weight of plan.trained) {
    for (const slot of weight.slots) constant(names.slot(weight.path, slot), 0, weight.shape);
    if (weight.onlyWith && weight.slots.length > 0) constant(names.updates(weight.path), 0, []);
    if (plan.train.accumulate > 1) constant(names.gradient(weight.path), 0, weight.shape);
  }
  for (const { path, initial, optional } of plan.balancer) {
    constant(path, initial, []);
    for (const slot of ["m", "v"]) constant(names.slot(path, slot), 0, []);
    if (optional) constant(names.updates(path), 0, []);
    if (plan.train.accumulate > 1) constant(names.gradient(path), 0, []);
  }
  for (const task of plan.document.tasks) {
    if (task.class_weights) constant(names.classWeights(task.name), 1, [classCount(task.label)]);
    if (!task.label.optional) continue;
    constant(names.presenceRate(task.name), 1, []);
    if (plan.train.accumulate > 1) constant(names.seen(task.name), 0, []);
  }
  return finish(b);
}

/** Forward pass, losses and gradients of one batch; writes losses, counts and library state. */
function differentiate(
  b: Builder,
  plan: TrainingPlan,
  state: readonly StateInfo[],
  weights: Map<string, Value>,
  alone: boolean,
) {
  const clock = clockArguments(b);
  const forward = lowerForward(b, plan.document, {
    weights,
    state: libraryStates(b, state),
    random: { seed: clock.seed, step: clock.step },
    batch: B,
  });
  const terms = taskTerms(b, plan.document, forward, B);
  const balancer = balancerStates(b, plan);
  const rows = ops.size(b, B);
  const gradients = balancedGradients(b, plan, { terms, rows, alone }, weights, balancer);
  for (const [task, loss] of gradients.losses) b.result(names.loss(task), loss);
  for (const { task, count } of terms) if (count) b.result(names.count(task.name), count);
  for (const [path, value] of forward.state) b.update(path, value);
  return { clock, gradients, balancer, rows };
}

function stepProgram(plan: TrainingPlan, state: readonly StateInfo[]): Program {
  const b = createBuilder("step");
  const weights = weightStates(b, plan);
  const { clock, gradients, balancer } = differentiate(b, plan, state, weights, true);
  applyGradients(b, plan, gradients, weights, balancer, clock);
  return finish(b);
}

/** Adds one batch's gradients, times its rows, to those that wait for `update`. */
function gradientsProgram(plan: TrainingPlan, state: readonly StateInfo[]): Program {
  const b = createBuilder("gradients");
  const { gradients, rows } = differentiate(b, plan, state, weightStates(b, plan), false);
  for (const [path, gradient] of [...gradients.weights, ...gradients.balancer]) {
    const waiting = b.state(names.gradient(path), b.typeOf(gradient));
    b.update(names.gradient(path), ops.add(b, waiting, ops.mul(b, gradient, rows)));
  }
  for (const [task, seen] of gradients.seen) {
    const before = b.state(names.seen(task), { dtype: "float", shape: [] });
    b.update(names.seen(task), ops.max(b, before, ops.cast(b, seen, "float")));
  }
  return finish(b);
}

/** Moves the weights by the mean over the rows of the gradients that wait, and forgets them. */
function updateProgram(plan: TrainingPlan): Program {
  const b = createBuilder("update");
  const weights = weightStates(b, plan);
  const clock = clockArguments(b);
  const rows = b.argument("rows", { dtype: "float", shape: [] });
  const waiting = (path: string, shape: readonly number[]): [string, Value] => {
    const sum = b.state(names.gradient(path), { dtype: "float", shape });
    b.update(names.gradient(path), ops.fill(b, 0, shape));
    return [path, ops.div(b, sum, rows)];
  };
  const seen = new Map<string, Value>();
  for (const { name, label } of plan.document.tasks) {
    if (!label.optional) continue;
    const before = b.state(names.seen(name), { dtype: "float", shape: [] });
    seen.set(name, ops.lt(b, ops.scalar(b, 0), before));
    b.update(names.seen(name), ops.scalar(b, 0));
  }
  const gradients: Pick<Gradients, "weights" | "balancer" | "seen"> = {
    weights: new Map(plan.trained.map((w) => waiting(w.path, w.shape))),
    balancer: new Map(plan.balancer.map((p) => waiting(p.path, []))),
    seen,
  };
  applyGradients(b, plan, gradients, weights, balancerStates(b, plan), clock);
  return finish(b);
}

function inference(b: Builder, plan: TrainingPlan, state: readonly StateInfo[]): Forward {
  return lowerForward(b, plan.document, {
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
    b.result(names.prediction(task.name), forward.values.get(task.output)!);
  return finish(b);
}

/** Summed losses and outputs (links applied), from which the losses and metrics of a whole part are made. */
function evaluateProgram(plan: TrainingPlan, state: readonly StateInfo[]): Program {
  const b = createBuilder("evaluate");
  const forward = inference(b, plan, state);
  for (const { task, sum, count } of taskTerms(b, plan.document, forward, B)) {
    b.result(names.sum(task.name), sum);
    b.result(names.count(task.name), count ?? ops.size(b, B));
    b.result(names.prediction(task.name), linkedOutput(b, plan.document, task, forward));
  }
  return finish(b);
}
