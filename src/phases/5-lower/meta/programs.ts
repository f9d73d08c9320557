import type { MetaDocument, ModelDocument } from "../../../document/types.js";
import { collectWeights } from "../../../document/weights.js";
import type { TaskContext } from "../../../library/meta-entry.js";
import { B, createBuilder, ops, type Builder, type Program, type Value } from "../../../tensor/index.js";
import { addWaiting } from "../balancing.js";
import { names } from "../names.js";
import { finish, initProgram, lazily, updateProgram } from "../programs.js";
import { clockArguments, type Clock } from "../schedules.js";
import { linkedOutput, taskTerms } from "../task-losses.js";
import { descend, stepDown, type Slope } from "./descend.js";
import { episodeForward, lossAt, lossProgram, type Resolve } from "./loss.js";
import { planMeta, type MetaPlan } from "./plan.js";

/**
 * The programs of a model that learns to learn. `gradients` adds one task's meta-gradient to what waits for `update`; `begin` puts
 * the adapting weights where a task begins, `adapt` takes one step on a support of B rows, and `predict` and `evaluate` go on from
 * there.
 */
export type MetaPrograms = Readonly<
  Record<"init" | "begin" | "gradients" | "update" | "adapt" | "predict" | "evaluate", Program>
>;

/** Phase 5 for a document with a `meta` section. */
export function lowerMeta(document: ModelDocument & { readonly meta: MetaDocument }): MetaPrograms {
  const plan = planMeta(document);
  const { state } = collectWeights(document);
  return lazily<MetaPrograms>({
    init: () => initProgram(plan.outer, state),
    begin: () => beginProgram(plan),
    gradients: () => gradientsProgram(plan),
    update: () => updateProgram(plan.outer),
    adapt: () => adaptProgram(plan),
    predict: () => predictProgram(plan),
    evaluate: () => evaluateProgram(plan),
  });
}

const PARTS = { support: "support/", query: "query/" } as const;

function readState(
  b: Builder,
  { path, shape }: { readonly path: string; readonly shape: readonly number[] },
) {
  return b.state(path, { dtype: "float", shape });
}

/** Where a task's weights begin: at the model's, a context at 0. */
function beginnings(b: Builder, { adapting, algorithm }: MetaPlan): Value[] {
  return adapting.map((weight) =>
    algorithm.adapts === "context" ? ops.zeros(b, weight.shape) : readState(b, weight),
  );
}

/** Weights and library state by their paths; clock and rows by their own names, rows with a prefix. */
function resolver(b: Builder, plan: MetaPlan, clock: Clock, prefix: string): Resolve {
  const { weights, state } = collectWeights(plan.document);
  const known = new Map([...weights, ...state].map((entry) => [entry.path, entry]));
  const ofClock: Readonly<Record<string, Value>> = {
    seed: clock.seed,
    step: clock.step,
    total_steps: clock.totalSteps,
    epoch: clock.epoch,
    lr_scale: clock.lrScale,
  };
  return (name, type) => {
    const entry = known.get(name);
    if (entry) return readState(b, entry);
    return ofClock[name] ?? b.argument(prefix + name, type);
  };
}

function slopeOf(b: Builder, plan: MetaPlan, clock: Clock, on: "support" | "all"): Slope {
  const { sizes, adapting, options } = plan;
  const rows = on === "all" ? sizes.support + sizes.query : sizes.support;
  const loss = lossProgram(plan, rows);
  const support = resolver(b, plan, clock, PARTS.support);
  const query = resolver(b, plan, clock, PARTS.query);
  const both: Resolve = (name, type) => {
    const isRows = type.shape[0] === rows && name.includes("/");
    if (!isRows) return support(name, type);
    const of = (count: number) => ({ dtype: type.dtype, shape: [count, ...type.shape.slice(1)] });
    return ops.concat(b, [support(name, of(sizes.support)), query(name, of(sizes.query))], 0);
  };
  return {
    loss,
    paths: adapting.map(({ path }) => path),
    start: beginnings(b, plan),
    resolve: on === "all" ? both : support,
    unroll: options.boolean("unroll"),
  };
}

/** One task of a meta-step: its query's loss after adaptation, and its gradients added to those that wait. */
function gradientsProgram(plan: MetaPlan): Program {
  const b = createBuilder("gradients");
  const clock = clockArguments(b);
  const { algorithm, outer } = plan;
  const { loss, objective } = algorithm.meta(taskContext(b, plan, clock));
  b.result(names.metaLoss, loss);
  const values = outer.trained.map((weight) => readState(b, weight));
  const one = ops.scalar(b, 1);
  b.gradients(objective, values).forEach((gradient, i) =>
    addWaiting(b, names.gradient(outer.trained[i]!.path), gradient, one),
  );
  return finish(b);
}

function taskContext(b: Builder, plan: MetaPlan, clock: Clock): TaskContext {
  const { options, adapting, learned, sizes } = plan;
  const slopes = {
    support: slopeOf(b, plan, clock, "support"),
    query: { loss: lossProgram(plan, sizes.query), resolve: resolver(b, plan, clock, PARTS.query) },
  };
  const { paths, start } = slopes.support;
  const at = ({ loss, resolve }: Pick<Slope, "loss" | "resolve">, values: readonly Value[]) =>
    lossAt(b, loss, (name, type) => {
      const i = paths.indexOf(name);
      return i < 0 ? resolve(name, type) : values[i]!;
    });
  return {
    b,
    options,
    adapting: adapting.map(({ path, shape }, i) => ({ path, shape, value: start[i]! })),
    learned: (path) =>
      readState(
        b,
        learned.find((spec) => spec.path === path)!,
      ),
    step: clock.stepNumber,
    totalSteps: clock.totalSteps,
    descend: (descent) =>
      descend(b, descent.on === "all" ? slopeOf(b, plan, clock, "all") : slopes.support, descent),
    supportLoss: (values) => at(slopes.support, values),
    queryLoss: (values) => at(slopes.query, values),
  };
}

function beginProgram(plan: MetaPlan): Program {
  const b = createBuilder("begin");
  const start = beginnings(b, plan);
  plan.adapting.forEach(({ path }, i) => b.update(names.adapted(path), ops.barrier(b, start[i]!)));
  return finish(b);
}

function adaptedStates(b: Builder, { adapting }: MetaPlan): Value[] {
  return adapting.map(({ path, shape }) => readState(b, { path: names.adapted(path), shape }));
}

/** One step of adaptation on a support of B rows; `inner_step` counts from 0. */
function adaptProgram(plan: MetaPlan): Program {
  const b = createBuilder("adapt");
  const clock = clockArguments(b);
  const { algorithm, options, adapting, learned } = plan;
  const start = beginnings(b, plan);
  const values = adaptedStates(b, plan);
  const { rates, perStep, ...descent } = algorithm.adaptation({
    b,
    options,
    adapting: adapting.map(({ path, shape }, i) => ({ path, shape, value: start[i]! })),
    learned: (path) =>
      readState(
        b,
        learned.find((spec) => spec.path === path)!,
      ),
  });
  const loss = lossProgram(plan, B);
  const moved = stepDown(b, {
    loss,
    paths: adapting.map(({ path }) => path),
    start,
    values,
    rates: perStep ? ratesOfStep(b, rates) : rates,
    descent,
    second: false,
    resolve: resolver(b, plan, clock, PARTS.support),
  });
  adapting.forEach(({ path }, i) => b.update(names.adapted(path), moved[i]!));
  return finish(b);
}

/** Later steps than there are rates for use the last one. */
function ratesOfStep(b: Builder, rates: readonly Value[]): Value[] {
  const inner = b.argument(names.innerStep, { dtype: "int", shape: [1] });
  return rates.map((rate) => {
    const count = b.typeOf(rate).shape[0] as number;
    const last = ops.constant(b, [count - 1], [1], "int");
    return ops.reshape(b, ops.gather(b, rate, ops.min(b, inner, last)), []);
  });
}

/** The weights of the adapted model. */
function adaptedForward(b: Builder, plan: MetaPlan) {
  const { document, adapting } = plan;
  const { weights, state } = collectWeights(document);
  const values = new Map(weights.map((weight) => [weight.path, readState(b, weight)]));
  adaptedStates(b, plan).forEach((value, i) => values.set(adapting[i]!.path, value));
  const kept = new Map(state.map((entry) => [entry.path, readState(b, entry)]));
  return episodeForward(b, plan, { weights: values, state: kept, clock: clockArguments(b), batch: B });
}

function predictProgram(plan: MetaPlan): Program {
  const b = createBuilder("predict");
  const forward = adaptedForward(b, plan);
  for (const task of plan.document.tasks)
    b.result(names.prediction(task.name), forward.values.get(task.output)!);
  return finish(b);
}

function evaluateProgram(plan: MetaPlan): Program {
  const b = createBuilder("evaluate");
  const forward = adaptedForward(b, plan);
  for (const { task, sum, count } of taskTerms(b, plan.document, forward, B)) {
    b.result(names.sum(task.name), sum);
    b.result(names.count(task.name), count ?? ops.size(b, B));
    b.result(names.prediction(task.name), linkedOutput(b, plan.document, task, forward));
  }
  return finish(b);
}
