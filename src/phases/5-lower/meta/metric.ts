import type { MetricAlgorithm } from "../../../library/meta-entry.js";
import {
  B,
  createBuilder,
  ops,
  type Builder,
  type Dimension,
  type Program,
  type Value,
} from "../../../tensor/index.js";
import type { Forward } from "../forward.js";
import { names } from "../names.js";
import { finish } from "../lazily.js";
import { clockArguments, type Clock } from "../schedules.js";
import { labelTensor } from "../task-losses.js";
import { embedEpisode, embedRows } from "./embed.js";
import { weightedLoss } from "./passes.js";
import { classTask, type MetaPlan } from "./plan.js";
import { algorithmContext, readState, readStates, rowsOf } from "./states.js";
import { pairs } from "../../../tensor/lookup.js";
import { waitForUpdate } from "./task.js";

type Plan = MetaPlan<MetricAlgorithm>;

/** One task of a meta-step: the query's loss by what is kept of the support. */
export function metricGradients(plan: Plan): Program {
  const b = createBuilder("gradients");
  const clock = clockArguments(b);
  const { algorithm, sizes } = plan;
  const context = algorithmContext(b, plan);
  const { support, query, moved } = embedEpisode(b, plan, clock);
  const kept = algorithm.keep(context, {
    embedded: support.embedded,
    classes: classesOf(b, plan, "support", sizes.support),
  });
  const scores = algorithm.scores(context, kept, query.embedded);
  const forward = withScores(b, plan, query.forward, scores);
  const loss = weightedLoss(b, plan, forward, sizes.query, rowsOf(b, "query"));
  b.result(names.metaLoss, loss);
  const classes = () => classesOf(b, plan, "query", sizes.query);
  waitForUpdate(b, plan, algorithm.objective?.(context, scores, classes()) ?? loss);
  if (plan.norm === "running") for (const [path, value] of moved) b.update(path, value);
  return finish(b);
}

/** One-hot rows of an episode's classes. */
function classesOf(b: Builder, plan: Plan, part: "support" | "query", rows: Dimension): Value {
  const task = classTask(plan);
  const label = rowsOf(b, part)(names.label(task.name), labelTensor(task.label, rows));
  return ops.oneHot(b, label, plan.own.ways);
}

/** A forward pass with scores in place of the task's own output. */
function withScores(b: Builder, plan: Plan, forward: Forward, scores: Value): Forward {
  const task = classTask(plan);
  const linear = plan.model.outputLink(task) === "linear";
  return {
    ...forward,
    values: new Map([...forward.values, [task.output, linear ? scores : ops.softmax(b, scores, -1)]]),
    beforeActivation: new Map([...forward.beforeActivation, [task.output, scores]]),
  };
}

/** Stores what predictions need of a support of B rows. */
export function keepOfMetric(b: Builder, plan: Plan, clock: Clock): void {
  const { algorithm, own, model } = plan;
  const pass = { rows: B, part: "support", training: false } as const;
  const state = readStates(b, model.state);
  const { forward, embedded } = embedRows(b, plan, clock, pass, { state });
  const kept = algorithm.keep(algorithmContext(b, plan), {
    embedded,
    classes: classesOf(b, plan, "support", B),
  });
  for (const [{ path, shape }, value] of pairs(algorithm.kept(own), kept))
    b.update(names.adapted(path), placed(b, value, shape));
  if (plan.norm === "support")
    for (const [path, value] of forward.state) b.update(names.adapted(path), value);
}

/** Puts a value for each row at the head of a kept tensor of fixed size; the runtime checks that the rows fit. */
function placed(b: Builder, value: Value, shape: readonly number[]): Value {
  const [rows] = b.typeOf(value).shape;
  if (rows === undefined || typeof rows === "number") return value;
  return ops.scatterAdd(b, ops.iota(b, [rows]), value, shape);
}

/** Predicts B rows from what was kept of a support. */
export function metricForward(
  b: Builder,
  plan: Plan,
  clock: Clock,
  state: ReadonlyMap<string, Value>,
): Forward {
  const { algorithm, own } = plan;
  const pass = { rows: B, part: "query", training: false } as const;
  const { forward, embedded } = embedRows(b, plan, clock, pass, { state, prefixed: false });
  const kept = algorithm
    .kept(own)
    .map(({ path, shape }) => readState(b, { path: names.adapted(path), shape }));
  return withScores(b, plan, forward, algorithm.scores(algorithmContext(b, plan), kept, embedded));
}
