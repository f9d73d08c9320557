import type { AdaptingWeight, GradientAlgorithm, TaskContext } from "../../../library/meta-entry.js";
import { B, createBuilder, ops, type Builder, type Program, type Value } from "../../../tensor/index.js";
import { lookup, pairs } from "../../../tensor/lookup.js";
import { addWaiting } from "../balancing.js";
import { labelTensor } from "../task-losses.js";
import { names } from "../names.js";
import { finish } from "../lazily.js";
import { clockArguments, type Clock } from "../schedules.js";
import { descend, stepDown, type Slope } from "./descend.js";
import { embedEpisode } from "./embed.js";
import { lossAt, lossProgram, resultsAt, statisticsProgram, type Resolve } from "./passes.js";
import { classTask, type MetaPlan } from "./plan.js";
import { algorithmContext, beginnings, instead, readState, resolver, rowsOf } from "./states.js";

type Plan = MetaPlan<GradientAlgorithm>;

/** One task of a meta-step: computes the query's loss after adaptation, and accumulates the gradients. */
export function gradientsProgram(plan: Plan): Program {
  const b = createBuilder("gradients");
  const clock = clockArguments(b);
  const query = queryLosses(b, plan, clock);
  const { loss, objective } = plan.algorithm.meta(taskContext(b, plan, clock, query));
  b.result(names.metaLoss, loss);
  waitForUpdate(b, plan, objective);
  for (const [path, value] of query.moved()) b.update(path, value);
  return finish(b);
}

/** Accumulates the gradients of a task's objective. */
export function waitForUpdate(b: Builder, { outer }: MetaPlan, objective: Value): void {
  const values = outer.trained.map((weight) => readState(b, weight));
  const one = ops.scalar(b, 1);
  for (const [{ path }, gradient] of pairs(outer.trained, b.gradients(objective, values)))
    addWaiting(b, names.gradient(path), gradient, one);
}

function taskContext(b: Builder, plan: Plan, clock: Clock, query: QueryLosses): TaskContext {
  const { own } = plan;
  const support = slopeOf(b, plan, clock, "support");
  // Dropout is for inner steps; the support's loss is looked at elsewhere without it.
  const still = plan.drops ? { ...support, loss: supportProgram(plan, "support", false) } : support;
  const supportLoss = (values: readonly Value[]) =>
    lossAt(b, still.loss, instead(still.resolve, byPath(plan.adapting, values)));
  return {
    ...algorithmContext(b, plan),
    adapting: startingAt(plan, support.start),
    step: clock.scheduleStep,
    totalSteps: clock.totalSteps,
    descend: (descent) =>
      descend(b, descent.on === "all" ? slopeOf(b, plan, clock, "all") : support, descent),
    supportLoss,
    queryLoss: query.at,
    startLoss: () => startLoss(b, plan, clock),
    embedded: () => embeddedRows(b, plan, clock),
    classNumbers: () => b.argument(names.classNumbers, { dtype: "int", shape: [own.ways] }),
  };
}

function startingAt({ adapting }: Plan, start: readonly Value[]): TaskContext["adapting"] {
  return pairs(adapting, start).map(([{ path, shape }, value]) => ({ path, shape, value }));
}

function byPath(weights: readonly AdaptingWeight[], values: readonly Value[]): ReadonlyMap<string, Value> {
  return new Map(pairs(weights, values).map(([{ path }, value]) => [path, value]));
}

interface QueryLosses {
  at(values: readonly Value[]): Value;
  /** Library state after the last of these passes, where training goes on with that state. */
  moved(): ReadonlyMap<string, Value>;
}

/** Losses of the query's rows at values of the adapting weights. */
function queryLosses(b: Builder, plan: Plan, clock: Clock): QueryLosses {
  const program = lossProgram(plan, { rows: plan.sizes.query, part: "query", training: true });
  const resolve = resolver(b, plan, clock, "query");
  let moved: ReadonlyMap<string, Value> = new Map();
  const at = (values: readonly Value[]): Value => {
    const adapted = byPath(plan.adapting, values);
    const statistics = supportStatistics(b, plan, instead(resolver(b, plan, clock, "support"), adapted));
    const results = resultsAt(b, program, instead(resolve, new Map([...adapted, ...statistics])));
    moved = new Map([...results].filter(([name]) => name !== "loss"));
    return lookup(results, "loss");
  };
  return { at, moved: () => moved };
}

/** The support's batch-norm statistics for the query's pass, where the query is normalized by them. */
function supportStatistics(b: Builder, plan: Plan, resolve: Resolve): ReadonlyMap<string, Value> {
  if (plan.norm !== "support") return new Map();
  return resultsAt(b, statisticsProgram(plan, plan.sizes.support, true), resolve);
}

function supportProgram(plan: Plan, on: "support" | "all", drops: boolean): Program {
  const { sizes } = plan;
  const rows = on === "all" ? sizes.support + sizes.query : sizes.support;
  return lossProgram(plan, { rows, part: "support", training: true, drops });
}

function slopeOf(b: Builder, plan: Plan, clock: Clock, on: "support" | "all"): Slope {
  const support = resolver(b, plan, clock, "support");
  return {
    loss: supportProgram(plan, on, plan.drops),
    paths: plan.adapting.map(({ path }) => path),
    start: beginnings(b, plan),
    resolve: on === "all" ? bothParts(b, plan, clock) : support,
    unroll: plan.options["unroll"] !== false,
    ...(plan.drops ? { seed: maskSeed(b, plan, clock) } : {}),
  };
}

/** The seed of a task's first inner step, chosen so that no two steps of the meta-step's tasks share a dropout mask. */
function maskSeed(b: Builder, { algorithm, options }: Plan, clock: Clock): Value {
  const task = b.argument(names.taskNumber, { dtype: "int", shape: [] });
  const int = (n: number) => ops.scalar(b, n, "int");
  return ops.add(b, ops.add(b, clock.seed, int(1)), ops.mul(b, task, int(algorithm.innerSteps(options))));
}

/** The rows of support and query, one after the other. */
function bothParts(b: Builder, plan: Plan, clock: Clock): Resolve {
  const { sizes } = plan;
  const [support, query] = [resolver(b, plan, clock, "support"), resolver(b, plan, clock, "query")];
  return (name, type) => {
    if (!name.includes("/") || type.shape[0] !== sizes.support + sizes.query) return support(name, type);
    const of = (count: number) => ({ dtype: type.dtype, shape: [count, ...type.shape.slice(1)] });
    return ops.concat(b, [support(name, of(sizes.support)), query(name, of(sizes.query))], 0);
  };
}

function startLoss(b: Builder, plan: Plan, clock: Clock): Value {
  return lossAt(b, supportProgram(plan, "all", plan.drops), bothParts(b, plan, clock));
}

function embeddedRows(b: Builder, plan: Plan, clock: Clock) {
  const { support, query } = embedEpisode(b, plan, clock);
  const label = classTask(plan);
  return (["support", "query"] as const).map((part) => ({
    embedded: part === "support" ? support.embedded : query.embedded,
    labels: rowsOf(b, part)(names.label(label.name), labelTensor(label.label, plan.sizes[part])),
  }));
}

/** One step of adaptation on a support of B rows; `inner_step` counts from 0. */
export function adaptProgram(plan: Plan): Program {
  const b = createBuilder("adapt");
  const clock = clockArguments(b);
  const { algorithm, adapting, drops } = plan;
  const start = beginnings(b, plan);
  const inner = () => b.argument(names.innerStep, { dtype: "int", shape: [1] });
  const { rates, perStep, ...descent } = algorithm.adaptation({
    ...algorithmContext(b, plan),
    adapting: startingAt(plan, start),
  });
  const resolve = resolver(b, plan, clock, "support");
  const mask = () => ops.add(b, ops.add(b, clock.seed, ops.scalar(b, 1, "int")), ops.reshape(b, inner(), []));
  const moved = stepDown(b, {
    loss: lossProgram(plan, { rows: B, part: "support", training: false, drops }),
    paths: adapting.map(({ path }) => path),
    start,
    values: adapting.map(({ path, shape }) => readState(b, { path: names.adapted(path), shape })),
    rates: perStep ? ratesOfStep(b, rates, inner()) : rates,
    descent,
    second: false,
    resolve: drops ? instead(resolve, new Map([[names.seed, mask()]])) : resolve,
  });
  for (const [{ path }, value] of pairs(adapting, moved)) b.update(names.adapted(path), value);
  return finish(b);
}

/** Later steps than there are rates for use the last one. */
function ratesOfStep(b: Builder, rates: readonly Value[], inner: Value): Value[] {
  return rates.map((rate) => {
    const [count] = b.typeOf(rate).shape;
    if (typeof count !== "number") throw new Error("rates of steps have an axis of them");
    const last = ops.constant(b, [count - 1], [1], "int");
    return ops.reshape(b, ops.gather(b, rate, ops.min(b, inner, last)), []);
  });
}
