import type { ModelDocument, TaskDocument, TrainDocument } from "../../document/types.js";
import { collectWeights, matchesPattern, tasksByWeight, type WeightInfo } from "../../document/weights.js";
import type { Component } from "../../library/entry.js";
import { entry as libraryEntry } from "../../library/index.js";
import { readOptions } from "../../library/options.js";
import { ops, type Builder, type Value } from "../../tensor/index.js";
import type { TaskTerms } from "./losses.js";
import { names } from "./names.js";
import { evaluateSchedule, type Clock } from "./schedules.js";

/** A weight that training moves. */
export interface TrainedWeight extends WeightInfo {
  readonly optimizer: Component;
  readonly slots: readonly string[];
  /** The tasks that reach it, where a batch may have labels for none of them. */
  readonly onlyWith: readonly string[] | undefined;
}

/** A scalar of the balancer's own. */
export interface BalancerParameter {
  readonly task: string;
  readonly path: string;
  readonly initial: number;
  readonly optional: boolean;
}

export interface TrainingPlan {
  readonly document: ModelDocument;
  readonly train: TrainDocument;
  readonly weights: readonly WeightInfo[];
  readonly trained: readonly TrainedWeight[];
  readonly balancer: readonly BalancerParameter[];
}

/** Decides which weights are trained, and by what. */
export function planTraining(document: ModelDocument, train: TrainDocument): TrainingPlan {
  const { weights } = collectWeights(document);
  const reached = tasksByWeight(document);
  const optional = new Set(document.tasks.filter((t) => t.label.optional).map((t) => t.name));
  const trained = weights.flatMap((weight): TrainedWeight[] => {
    const tasks = reached.get(weight.path) ?? [];
    const frozen = train.freeze.some((pattern) => matchesPattern(pattern, weight.path));
    const optimizer = optimizerOf(train, weight.path);
    if (tasks.length === 0 || frozen || !optimizer) return [];
    const entry = libraryEntry("optimizer", optimizer.name);
    const slots = entry.slots(readOptions(entry, optimizer.options));
    return [
      { ...weight, optimizer, slots, onlyWith: tasks.every((t) => optional.has(t)) ? tasks : undefined },
    ];
  });
  const entry = libraryEntry("balancer", train.balance.name);
  const own = entry.parametersFor(
    document.tasks.map((t) => t.name),
    readOptions(entry, train.balance.options),
  );
  const balancer = Object.entries(own).map(([task, initial]) => ({
    task,
    path: names.balancer(task),
    initial,
    optional: optional.has(task),
  }));
  return { document, train, weights, trained, balancer };
}

function optimizerOf(train: TrainDocument, path: string): Component | undefined {
  const claimed = train.optimizers.find(({ pattern }) => pattern !== null && matchesPattern(pattern, path));
  return (claimed ?? train.optimizers.find(({ pattern }) => pattern === null))?.optimizer;
}

/** Gradients by weight path and by balancer parameter, and whether a task's labels were there (a bool scalar). */
export interface Gradients {
  readonly weights: ReadonlyMap<string, Value>;
  readonly balancer: ReadonlyMap<string, Value>;
  readonly losses: ReadonlyMap<string, Value>;
  readonly seen: ReadonlyMap<string, Value>;
}

/** One batch's summed losses. */
export interface BatchTerms {
  readonly terms: readonly TaskTerms[];
  readonly rows: Value;
  /** It makes a step by itself; otherwise a task that is absent here may have labels in another batch of the step. */
  readonly alone: boolean;
}

/** Task losses by the step's rule 1, put together by the balancer, and differentiated. */
export function balancedGradients(
  b: Builder,
  plan: TrainingPlan,
  { terms, rows, alone }: BatchTerms,
  weights: ReadonlyMap<string, Value>,
  balancer: ReadonlyMap<string, Value>,
): Gradients {
  const losses = new Map<string, Value>();
  const seen = new Map<string, Value>();
  for (const { task, sum, count } of terms) losses.set(task.name, taskLoss(b, task, sum, count, rows, seen));
  const parameters = new Map(plan.balancer.map((p) => [p.task, balancer.get(p.path)!]));
  const entry = libraryEntry("balancer", plan.train.balance.name);
  const total = entry.combine({
    b,
    options: readOptions(entry, plan.train.balance.options),
    tasks: plan.document.tasks.map((task) => ({
      name: task.name,
      loss: losses.get(task.name)!,
      weight: task.weight,
      noise: libraryEntry("loss", task.loss.name).noise,
      present: alone ? seen.get(task.name) : undefined,
    })),
    parameter: (name) => parameters.get(name)!,
  });
  const wrt = [...plan.trained.map((w) => weights.get(w.path)!), ...parameters.values()];
  const found = b.gradients(total, wrt);
  return {
    losses,
    seen,
    weights: new Map(plan.trained.map((w, i) => [w.path, found[i]!])),
    balancer: new Map(plan.balancer.map((p, i) => [p.path, found[plan.trained.length + i]!])),
  };
}

function taskLoss(
  b: Builder,
  task: TaskDocument,
  sum: Value,
  count: Value | undefined,
  rows: Value,
  seen: Map<string, Value>,
): Value {
  if (!count) return ops.div(b, sum, rows);
  seen.set(task.name, ops.lt(b, ops.scalar(b, 0), count));
  const rate = b.state(names.presenceRate(task.name), { dtype: "float", shape: [] });
  return ops.div(b, sum, ops.mul(b, rows, rate));
}

/** Adds l1/l2 terms, clips once over all trained weights, and lets every optimizer move its weights. */
export function applyGradients(
  b: Builder,
  plan: TrainingPlan,
  gradients: Pick<Gradients, "weights" | "balancer" | "seen">,
  weights: ReadonlyMap<string, Value>,
  balancer: ReadonlyMap<string, Value>,
  clock: Clock,
): void {
  const updated = plan.trained.map((weight) => isUpdated(b, weight, gradients.seen));
  const regularized = addRegularizers(b, plan, gradients.weights, weights, updated);
  const clipped = clip(b, plan, regularized);
  const rates = new Map<Component, Value>();
  const rateOf = (optimizer: Component): Value => {
    let rate = rates.get(optimizer);
    if (rate === undefined) {
      rate = ops.mul(b, evaluateSchedule(b, optimizer.options["lr"]!, clock), clock.lrScale);
      rates.set(optimizer, rate);
    }
    return rate;
  };
  plan.trained.forEach((weight, i) => {
    b.withOrigin(weight.node, () => {
      const update = {
        ...weight,
        current: weights.get(weight.path)!,
        gradient: clipped[i]!,
        when: updated[i],
      };
      updateWeight(b, update, rateOf(weight.optimizer), clock);
    });
  });
  updateBalancer(b, plan, gradients, balancer, clock);
}

/** A bool scalar: whether a task that reaches the weight has labels now; undefined where one always has. */
function isUpdated(b: Builder, weight: TrainedWeight, seen: ReadonlyMap<string, Value>): Value | undefined {
  const flags = weight.onlyWith?.map((task) => seen.get(task)!);
  return flags && flags.slice(1).reduce((any, flag) => ops.or(b, any, flag), flags[0]!);
}

/** A weight that sits the step out gets no term, so that it takes no part in the clip's norm either. */
function addRegularizers(
  b: Builder,
  plan: TrainingPlan,
  gradients: ReadonlyMap<string, Value>,
  weights: ReadonlyMap<string, Value>,
  updated: readonly (Value | undefined)[],
): Value[] {
  return plan.trained.map((weight, i) => {
    const gradient = gradients.get(weight.path)!;
    if (!weight.regularizer) return gradient;
    const entry = libraryEntry("regularizer", weight.regularizer.name);
    const current = weights.get(weight.path)!;
    const term = entry.lower(b, current, readOptions(entry, weight.regularizer.options));
    const regularized = ops.add(b, gradient, b.gradients(term, [current])[0]!);
    return updated[i] ? ops.select(b, updated[i], regularized, gradient) : regularized;
  });
}

function clip(b: Builder, plan: TrainingPlan, gradients: readonly Value[]): readonly Value[] {
  if (!plan.train.clip || gradients.length === 0) return gradients;
  const entry = libraryEntry("clip", plan.train.clip.name);
  return entry.lower(b, gradients, readOptions(entry, plan.train.clip.options));
}

interface WeightUpdate {
  readonly path: string;
  readonly shape: readonly number[];
  readonly optimizer: Component;
  readonly slots: readonly string[];
  readonly current: Value;
  readonly gradient: Value;
  /** A bool scalar: where it is false nothing of the weight or its slots changes. */
  readonly when: Value | undefined;
}

function updateWeight(b: Builder, weight: WeightUpdate, lr: Value, clock: Clock): void {
  const entry = libraryEntry("optimizer", weight.optimizer.name);
  const type = { dtype: "float", shape: weight.shape } as const;
  const slots = Object.fromEntries(
    weight.slots.map((slot) => [slot, b.state(names.slot(weight.path, slot), type)]),
  );
  // A weight that sits out some steps counts its own, since Adam's correction depends on the count.
  const counted =
    weight.when && weight.slots.length > 0
      ? b.state(names.updates(weight.path), { dtype: "float", shape: [] })
      : undefined;
  const iteration = ops.add(b, counted ?? clock.stepNumber, 1);
  const next = entry.update({
    b,
    options: readOptions(entry, weight.optimizer.options),
    weight: weight.current,
    gradient: weight.gradient,
    slots,
    lr,
    iteration,
  });
  const choose = (now: Value, before: Value) => (weight.when ? ops.select(b, weight.when, now, before) : now);
  b.update(weight.path, choose(next.weight, weight.current));
  for (const slot of weight.slots)
    b.update(names.slot(weight.path, slot), choose(next.slots[slot]!, slots[slot]!));
  if (counted) b.update(names.updates(weight.path), choose(iteration, counted));
}

/** The balancer's own parameters have an adam of their own, and are neither clipped nor decayed. */
function updateBalancer(
  b: Builder,
  plan: TrainingPlan,
  gradients: Pick<Gradients, "balancer" | "seen">,
  balancer: ReadonlyMap<string, Value>,
  clock: Clock,
): void {
  if (plan.balancer.length === 0) return;
  const entry = libraryEntry("optimizer", "adam");
  const lr = plan.train.balance.options["lr"];
  const optimizer = { name: "adam", options: typeof lr === "number" ? { lr } : {} };
  const slots = entry.slots(readOptions(entry, {}));
  const rate = ops.scalar(b, typeof lr === "number" ? lr : 0.001);
  for (const parameter of plan.balancer) {
    const update: WeightUpdate = {
      path: parameter.path,
      shape: [],
      optimizer,
      slots,
      current: balancer.get(parameter.path)!,
      gradient: gradients.balancer.get(parameter.path)!,
      when: parameter.optional ? gradients.seen.get(parameter.task) : undefined,
    };
    updateWeight(b, update, rate, clock);
  }
}
