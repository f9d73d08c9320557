import {
  createBuilder,
  ops,
  simplify,
  type Builder,
  type Dimension,
  type Program,
  type TensorType,
  type Value,
} from "../../../tensor/index.js";
import { lookup, pairs, typeOf } from "../../../tensor/lookup.js";
import { lowerForward, type Forward, type ForwardInputs } from "../forward.js";
import { clockArguments, type Clock } from "../schedules.js";
import { taskTerms } from "../task-losses.js";
import type { MetaPlan } from "./plan.js";

/** Gives the tensor of an input's name. */
export type Resolve = (name: string, type: TensorType) => Value;

/** What a forward pass of an episode is for. */
export interface Pass {
  readonly rows: Dimension;
  readonly part: "support" | "query";
  /** Whether the pass is part of meta-training; otherwise the trained model is used. */
  readonly training: boolean;
  /** Whether dropout has an effect. */
  readonly drops?: boolean;
}

/**
 * Whether batch norms normalize by the statistics of the pass's own rows: always under `transductive`, for the support under
 * `support`, in meta-training under `running`. Otherwise they read the statistics from state.
 */
function takesRows({ norm }: MetaPlan, { part, training }: Pass): boolean {
  if (norm === "support") return part === "support";
  return norm !== "running" || training;
}

/** A forward pass in an episode. */
export function episodeForward(
  b: Builder,
  plan: MetaPlan,
  pass: Pass,
  given: Pick<ForwardInputs, "weights" | "state" | "read" | "afresh"> & {
    readonly clock: Pick<Clock, "seed" | "step">;
  },
): Forward {
  const { clock, ...inputs } = given;
  const own = takesRows(plan, pass);
  return lowerForward(b, plan.model, {
    ...inputs,
    batch: pass.rows,
    random: { seed: clock.seed, step: clock.step },
    rests: (layer) => (layer.random === true ? pass.drops !== true : layer.state !== undefined && !own),
  });
}

/** Weights and library state as arguments of a program that is inlined into others. */
function asArguments(b: Builder, { model }: MetaPlan) {
  const { weights, state } = model;
  const read = (all: readonly { readonly path: string; readonly shape: readonly number[] }[]) =>
    new Map(all.map(({ path, shape }) => [path, b.argument(path, { dtype: "float", shape })]));
  return { weights: read(weights), state: read(state), clock: clockArguments(b) };
}

/**
 * Σ static weight · task loss over the pass's rows, as a program that is inlined into others, loop bodies included, wherever
 * the loss is needed. Its inputs are weights, state and rows; its further results are the state after the pass, by paths, where
 * training goes on with that state.
 */
export function lossProgram(plan: MetaPlan, pass: Pass): Program {
  const b = createBuilder("loss");
  const forward = episodeForward(b, plan, pass, asArguments(b, plan));
  b.result("loss", weightedLoss(b, plan, forward, pass.rows));
  if (plan.norm === "running" && pass.training)
    for (const [path, value] of forward.state) b.result(path, value);
  return simplify(b.build());
}

/** Σ static weight · task loss of a forward pass. */
export function weightedLoss(
  b: Builder,
  { model }: MetaPlan,
  forward: Forward,
  rows: Dimension,
  read?: Resolve,
): Value {
  return taskTerms(b, model, forward, rows, read)
    .map(({ task, sum, most }) => ops.mul(b, ops.div(b, sum, most), task.weight))
    .reduce((sum, loss) => ops.add(b, sum, loss));
}

/** A program that gives the batch-norm statistics of a support's rows, by the paths of their state. */
export function statisticsProgram(plan: MetaPlan, rows: Dimension, training: boolean): Program {
  const b = createBuilder("statistics");
  const pass = { rows, part: "support", training } as const;
  const forward = episodeForward(b, plan, pass, { ...asArguments(b, plan), afresh: true });
  for (const [path, value] of forward.state) b.result(path, value);
  return simplify(b.build());
}

/** The results of a program with these inputs, by name. */
export function resultsAt(b: Builder, program: Program, resolve: Resolve): ReadonlyMap<string, Value> {
  const inputs = program.inputs.map(({ name, value }) => resolve(name, typeOf(program, value)));
  const values = b.inline(program, inputs);
  return new Map(pairs(program.outputs, values).map(([{ name }, value]) => [name, value]));
}

/** The loss with these inputs. */
export function lossAt(b: Builder, program: Program, resolve: Resolve): Value {
  return lookup(resultsAt(b, program, resolve), "loss");
}
