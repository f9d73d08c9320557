import type { TaskDocument } from "../../document/types.js";
import type {
  BalancedTask,
  BatchTask,
  SharedBalancerContext,
  SharedWeight,
  StateValues,
} from "../../library/entry.js";
import { stateOptimizer } from "../../library/balancers/components.js";
import { entry as libraryEntry } from "../../library/index.js";
import { ops, type Builder, type Value } from "../../tensor/index.js";
import { lookup, pairs } from "../../tensor/lookup.js";
import { names, streamOf } from "./names.js";
import { waitingByTask, type PlannedWeight, type TrainingPlan } from "./plan.js";
import type { Clock } from "./schedules.js";
import type { TaskLosses } from "./task-losses.js";
import { moveWeight, thawedWeights, zeroUnless } from "./update.js";

/** Gradients by their weights' paths. */
export type ByPath = ReadonlyMap<string, Value>;

/** A step's losses and their gradients, which are computed when asked for, or were accumulated over several batches. */
export interface StepLosses extends Pick<TaskLosses, "losses" | "seen"> {
  /** One task's gradient of a weight that it reaches. */
  readonly taskGradient: (task: string, path: string) => Value;
  /** Gradients of Σ factor · loss. */
  readonly weighted: (factors: readonly Value[], weights: readonly PlannedWeight[]) => ByPath;
}

/** Balances the tasks of a step and returns the gradients that move the weights; also writes balancer states and factors. */
export function balanceStep(b: Builder, plan: TrainingPlan, step: StepLosses, clock: Clock): ByPath {
  const { entry } = plan.balancer;
  if (entry.form === "total") throw new Error(`${entry.name} balances batches`);
  const context = stepContext(b, plan, step, clock);
  const isShared = new Set(plan.balancer.shared.map(({ path }) => path));
  const others = plan.trained.filter(({ path }) => !isShared.has(path));
  const gradients = new Map<string, Value>();
  const scalars = (vector: Value) => plan.document.tasks.map((_, i) => scalarAt(b, vector, i));
  if (entry.form === "factors") {
    const { factors, next = {} } = entry.factors(context);
    const each = scalars(factors);
    context.shared.forEach(({ path, gradients: ofTasks }) => {
      gradients.set(path, sum(b, scaled(b, ofTasks, each)));
    });
    for (const [path, gradient] of step.weighted(each, others)) gradients.set(path, gradient);
    writeStates(b, next);
    writeFactors(b, plan, each);
    return gradients;
  }
  const { gradients: directions, factors, next = {} } = entry.direction(context);
  for (const [{ path }, gradient] of pairs(context.shared, directions)) gradients.set(path, gradient);
  const weights = plan.document.tasks.map((task) => ops.scalar(b, task.weight));
  for (const [path, gradient] of step.weighted(weights, others)) gradients.set(path, gradient);
  writeStates(b, next);
  if (factors) writeFactors(b, plan, scalars(factors));
  return gradients;
}

/** The gradients of a batch that makes a step by itself. */
export function batchLosses(b: Builder, found: TaskLosses, weights: ByPath): StepLosses {
  const known = new Map<string, ByPath>();
  return {
    ...found,
    taskGradient(task, path) {
      // One backward pass gives a task's gradients of all weights.
      let gradients = known.get(task);
      if (!gradients) {
        gradients = gradientsOf(b, lookup(found.losses, task), [...weights.keys()], weights);
        known.set(task, gradients);
      }
      return lookup(gradients, path);
    },
    weighted: (factors, of) => {
      const fixed = factors.map((factor) => ops.detach(b, factor));
      const total = sum(b, scaled(b, [...found.losses.values()], fixed));
      return gradientsOf(
        b,
        total,
        of.map((w) => w.path),
        weights,
      );
    },
  };
}

/** Accumulates a batch's losses and gradients, times its rows, for the step's `update`. */
export function waitForUpdate(
  b: Builder,
  plan: TrainingPlan,
  found: TaskLosses,
  weights: ByPath,
  rows: Value,
): void {
  const byTask = waitingByTask(plan);
  const paths = new Map<string, string[]>(plan.document.tasks.map(({ name }) => [name, []]));
  for (const { path, tasks } of byTask) for (const task of tasks) paths.get(task)?.push(path);
  for (const [task, loss] of found.losses) {
    for (const [path, gradient] of gradientsOf(b, loss, paths.get(task) ?? [], weights))
      addWaiting(b, names.taskGradient(path, task), gradient, rows);
    addWaiting(b, names.lossSum(task), loss, rows);
  }
  const apart = new Set(byTask);
  const others = plan.trained.filter((weight) => !apart.has(weight));
  const total = batchLosses(b, found, weights).weighted(
    plan.document.tasks.map((task) => ops.scalar(b, task.weight)),
    others,
  );
  for (const [path, gradient] of total) addWaiting(b, names.gradient(path), gradient, rows);
}

export function addWaiting(b: Builder, name: string, value: Value, rows: Value): void {
  const waiting = b.state(name, b.typeOf(value));
  b.update(name, ops.add(b, waiting, ops.mul(b, value, rows)));
}

/** What was accumulated under a name, as a mean over the rows; the sum begins anew at 0. */
export function takeWaiting(b: Builder, name: string, shape: readonly number[], rows: Value): Value {
  const waiting = b.state(name, { dtype: "float", shape });
  b.update(name, ops.fill(b, 0, shape));
  return ops.div(b, waiting, rows);
}

/** The accumulated losses and gradients, as means over the rows. */
export function waitingLosses(
  b: Builder,
  plan: TrainingPlan,
  seen: ReadonlyMap<string, Value>,
  rows: Value,
): StepLosses {
  const byTask = waitingByTask(plan);
  const gradients = new Map(
    byTask.map(({ path, shape, tasks }) => {
      const each = tasks.map((task) => {
        const name = names.taskGradient(path, task);
        return [task, takeWaiting(b, name, shape, rows)] as const;
      });
      return [path, new Map(each)];
    }),
  );
  const losses = new Map(
    plan.document.tasks.map(({ name }) => [name, takeWaiting(b, names.lossSum(name), [], rows)]),
  );
  const ofTask = (path: string, task: string) => lookup(lookup(gradients, path), task);
  return {
    losses,
    seen,
    taskGradient: (task, path) => ofTask(path, task),
    weighted: (factors, of) =>
      new Map(
        of.map(({ path, shape, tasks }) => {
          if (!gradients.has(path)) return [path, takeWaiting(b, names.gradient(path), shape, rows)];
          const reaching = new Set(tasks);
          const own = plan.document.tasks.flatMap(({ name }, i) =>
            reaching.has(name) ? [ops.mul(b, ofTask(path, name), factors[i]!)] : [],
          );
          return [path, sum(b, own)];
        }),
      ),
  };
}

/** The scalar that a batch's losses come to. */
export function totalOf(b: Builder, plan: TrainingPlan, found: TaskLosses): Value {
  const { entry, options } = plan.balancer;
  if (entry.form !== "total") throw new Error(`${entry.name} makes no total`);
  const tasks = plan.document.tasks.map((task): BatchTask => ({
    ...balancedTask(task, found),
    share: found.shares.get(task.name),
  }));
  return entry.total({ b, options, tasks, state: (name) => readState(b, plan, name) });
}

/** Moves the balancer's parameters along gradients of the total; they are neither clipped nor decayed. */
export function moveParameters(
  b: Builder,
  plan: TrainingPlan,
  gradientOf: (path: string) => Value,
  seen: ReadonlyMap<string, Value>,
  clock: Clock,
): void {
  for (const { name, shape, adam } of plan.balancer.state) {
    if (!adam) continue;
    const path = names.balancer(name);
    const when = adam.task === undefined ? undefined : seen.get(adam.task);
    const moving = { path, shape, current: readState(b, plan, name), gradient: gradientOf(path), when };
    b.update(path, moveWeight(b, { ...moving, ...ADAM }, ops.scalar(b, adam.lr), clock));
  }
}

const ADAM = { optimizer: stateOptimizer, slots: ["m", "v"] } as const;

/** Lets the balancer see the losses of the same batch under the weights after the step. */
export function lookAfter(
  b: Builder,
  plan: TrainingPlan,
  step: StepLosses,
  losses: readonly Value[],
  clock: Clock,
): void {
  const { entry } = plan.balancer;
  if (entry.form !== "factors" || !entry.after) return;
  writeStates(b, entry.after(stepContext(b, plan, step, clock), losses));
}

/** Each task's share of the total, for the reports. */
export function writeFactors(b: Builder, { document }: TrainingPlan, factors: readonly Value[]): void {
  for (const [{ name }, factor] of pairs(document.tasks, factors)) b.result(names.factor(name), factor);
}

function stepContext(b: Builder, plan: TrainingPlan, step: StepLosses, clock: Clock): SharedBalancerContext {
  const { options, stateNamed } = plan.balancer;
  const thawed = thawedWeights(b, plan, clock);
  return {
    b,
    options,
    tasks: plan.document.tasks.map((task): BalancedTask => ({
      ...balancedTask(task, step),
      present: step.seen.get(task.name),
    })),
    epoch: clock.epoch,
    shared: plan.balancer.shared.map((weight): SharedWeight => {
      const { path, shape } = weight;
      const reaching = new Set(weight.tasks);
      const gradients = plan.document.tasks.map(({ name }) =>
        reaching.has(name)
          ? zeroUnless(b, thawed(weight), step.taskGradient(name, path))
          : ops.zeros(b, shape),
      );
      return { path, shape, gradients };
    }),
    state: (name) => readState(b, plan, name),
    adam: (name, gradient, when) => {
      const { shape, adam } = stateNamed(name);
      if (adam === undefined) throw new Error(`${name} is no parameter of the balancer`);
      const moving = { path: names.balancer(name), shape, current: readState(b, plan, name), gradient, when };
      return moveWeight(b, { ...moving, ...ADAM }, ops.scalar(b, adam.lr), clock);
    },
    random: (purpose) => ({ seed: clock.seed, step: clock.step, stream: streamOf(`balance/${purpose}`) }),
  };
}

function balancedTask(task: TaskDocument, { losses }: Pick<TaskLosses, "losses">) {
  const { noise } = libraryEntry("loss", task.loss.name);
  return { name: task.name, loss: lookup(losses, task.name), weight: task.weight, noise };
}

function readState(b: Builder, { balancer }: TrainingPlan, name: string): Value {
  const { shape } = balancer.stateNamed(name);
  return b.state(names.balancer(name), { dtype: "float", shape });
}

function writeStates(b: Builder, next: StateValues): void {
  for (const [name, value] of Object.entries(next)) b.update(names.balancer(name), value);
}

function gradientsOf(b: Builder, loss: Value, paths: readonly string[], weights: ByPath): ByPath {
  const found = b.gradients(
    loss,
    paths.map((path) => lookup(weights, path)),
  );
  return new Map(pairs(paths, found));
}

function scaled(b: Builder, values: readonly Value[], factors: readonly Value[]): Value[] {
  return pairs(values, factors).map(([value, factor]) => ops.mul(b, value, factor));
}

function sum(b: Builder, terms: readonly Value[]): Value {
  return terms.reduce((total, term) => ops.add(b, total, term));
}

function scalarAt(b: Builder, vector: Value, i: number): Value {
  return ops.reshape(b, ops.slice(b, vector, [i], [1]), []);
}
