import type { FrozenEpochs } from "../../model/trained.js";
import type { Component } from "../../library/entry.js";
import { entry as libraryEntry } from "../../library/index.js";
import { readOptions } from "../../library/options.js";
import { ops, type Builder, type Value } from "../../tensor/index.js";
import { lookup } from "../../tensor/lookup.js";
import { names } from "./names.js";
import type { PlannedWeight, TrainingPlan } from "./plan.js";
import { learningRate, type Clock } from "./schedules.js";

/** The gradients by weights' paths, and whether a task had labels (a bool scalar; absent where it always has). */
export interface Gradients {
  readonly weights: ReadonlyMap<string, Value>;
  readonly seen: ReadonlyMap<string, Value>;
}

/**
 * Adds l1/l2 terms, clips once over all trained weights, and lets every optimizer move its weights.
 * Returns the weights after it.
 */
export function applyGradients(
  b: Builder,
  plan: TrainingPlan,
  gradients: Gradients,
  weights: ReadonlyMap<string, Value>,
  clock: Clock,
): Map<string, Value> {
  const thawed = thawedWeights(b, plan, clock);
  const updated = plan.trained.map((weight) => both(b, isUpdated(b, weight, gradients.seen), thawed(weight)));
  const moving = plan.trained.map((weight) =>
    zeroUnless(b, thawed(weight), lookup(gradients.weights, weight.path)),
  );
  const regularized = addRegularizers(b, plan, moving, weights, updated);
  const clipped = clip(b, plan, regularized);
  const rates = new Map<Component, Value>();
  const rateOf = (optimizer: Component): Value => {
    let rate = rates.get(optimizer);
    if (rate === undefined) {
      rate = learningRate(b, optimizer.options["lr"]!, clock);
      rates.set(optimizer, rate);
    }
    return rate;
  };
  const moved = new Map(weights);
  plan.trained.forEach((weight, i) => {
    b.withOrigin(weight.node, () => {
      const update = {
        ...weight,
        current: lookup(weights, weight.path),
        gradient: clipped[i]!,
        when: updated[i],
      };
      const next = moveWeight(b, update, rateOf(weight.optimizer), clock);
      b.update(weight.path, next);
      moved.set(weight.path, next);
    });
  });
  return moved;
}

/** A bool scalar: whether a task that reaches the weight has labels now; undefined where one always has. */
function isUpdated(b: Builder, weight: PlannedWeight, seen: ReadonlyMap<string, Value>): Value | undefined {
  const [first, ...others] = weight.onlyWith?.map((task) => lookup(seen, task)) ?? [];
  return first && others.reduce((any, flag) => ops.or(b, any, flag), first);
}

/** Says of a weight whether it moves in this epoch: a bool scalar, undefined where it moves in every epoch. */
export function thawedWeights(
  b: Builder,
  { trained }: TrainingPlan,
  clock: Clock,
): (weight: PlannedWeight) => Value | undefined {
  const byEpochs = new Map<string, Value>();
  for (const { frozen } of trained) {
    const key = JSON.stringify(frozen);
    if (frozen.length === 0 || byEpochs.has(key)) continue;
    const outside = frozen.map((epochs) => isOutside(b, epochs, clock.scheduleEpoch));
    byEpochs.set(
      key,
      outside.reduce((all, one) => ops.and(b, all, one)),
    );
  }
  return ({ frozen }) => byEpochs.get(JSON.stringify(frozen));
}

/** Whether an epoch is outside the frozen ones; `epoch` is the number of epochs done, 0 during the first. */
function isOutside(b: Builder, { from, until }: FrozenEpochs, epoch: Value): Value {
  const before = ops.lt(b, epoch, from - 1);
  return until === null ? before : ops.or(b, before, ops.gt(b, epoch, until - 1));
}

function both(b: Builder, x: Value | undefined, y: Value | undefined): Value | undefined {
  return x && y ? ops.and(b, x, y) : (x ?? y);
}

/** A gradient, or zeros where its weight stands still. */
export function zeroUnless(b: Builder, thawed: Value | undefined, gradient: Value): Value {
  return thawed ? ops.select(b, thawed, gradient, 0) : gradient;
}

/** Adds the regularizers' gradients, except to weights that are not updated, so that those do not affect the clip's norm. */
function addRegularizers(
  b: Builder,
  plan: TrainingPlan,
  gradients: readonly Value[],
  weights: ReadonlyMap<string, Value>,
  updated: readonly (Value | undefined)[],
): Value[] {
  return plan.trained.map((weight, i) => {
    const gradient = gradients[i]!;
    if (!weight.regularizer) return gradient;
    const entry = libraryEntry("regularizer", weight.regularizer.name);
    const current = lookup(weights, weight.path);
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
  /** A bool scalar, or one for each number: where it is false nothing of the weight or its slots changes. */
  readonly when: Value | undefined;
}

/** Returns a weight as it is after a step of its optimizer, whose slots it moves. */
export function moveWeight(b: Builder, weight: WeightUpdate, lr: Value, clock: Clock): Value {
  const entry = libraryEntry("optimizer", weight.optimizer.name);
  const type = { dtype: "float", shape: weight.shape } as const;
  const slots = Object.fromEntries(
    weight.slots.map((slot) => [slot, b.state(names.slot(weight.path, slot), type)]),
  );
  // A weight that is not updated in every step counts its own updates, since Adam's correction depends on the count.
  const counted =
    weight.when && weight.slots.length > 0
      ? b.state(names.updates(weight.path), { dtype: "float", shape: b.typeOf(weight.when).shape })
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
  const moved = choose(next.weight, weight.current);
  for (const slot of weight.slots)
    b.update(names.slot(weight.path, slot), choose(next.slots[slot]!, slots[slot]!));
  if (counted) b.update(names.updates(weight.path), choose(iteration, counted));
  return moved;
}
