import { collectWeights } from "../../../document/weights.js";
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
import { lowerForward, type Forward } from "../forward.js";
import { clockArguments, type Clock } from "../schedules.js";
import { taskTerms } from "../task-losses.js";
import type { MetaPlan } from "./plan.js";

/** Gives the tensor of an input's name. */
export type Resolve = (name: string, type: TensorType) => Value;

/**
 * The forward pass in an episode: dropout rests, and a batch norm takes the statistics of the rows that are there
 * (`norm: transductive`).
 */
export function episodeForward(
  b: Builder,
  { document }: MetaPlan,
  given: {
    readonly weights: ReadonlyMap<string, Value>;
    readonly state: ReadonlyMap<string, Value>;
    readonly clock: Pick<Clock, "seed" | "step">;
    readonly batch: Dimension;
  },
): Forward {
  const { weights, state, clock, batch } = given;
  return lowerForward(b, document, {
    weights,
    state,
    batch,
    random: { seed: clock.seed, step: clock.step },
    rests: (layer) => layer.random === true,
  });
}

/**
 * Σ static weight · task loss over so many rows, as a program of weights and rows: it is put into others wherever a loss is
 * looked at, loops included.
 */
export function lossProgram(plan: MetaPlan, rows: Dimension): Program {
  const b = createBuilder("loss");
  const { document } = plan;
  const { weights, state } = collectWeights(document);
  const read = (all: readonly { readonly path: string; readonly shape: readonly number[] }[]) =>
    new Map(all.map(({ path, shape }) => [path, b.argument(path, { dtype: "float", shape })]));
  const given = { weights: read(weights), state: read(state), clock: clockArguments(b), batch: rows };
  const forward = episodeForward(b, plan, given);
  const count = ops.size(b, rows);
  const losses = taskTerms(b, document, forward, rows).map(({ task, sum }) =>
    ops.mul(b, ops.div(b, sum, count), task.weight),
  );
  b.result(
    "loss",
    losses.reduce((sum, loss) => ops.add(b, sum, loss)),
  );
  return simplify(b.build());
}

/** The loss with these inputs. */
export function lossAt(b: Builder, program: Program, resolve: Resolve): Value {
  const inputs = program.inputs.map(({ name, value }) => resolve(name, program.types[value.id]!));
  return b.inline(program, inputs)[0]!;
}
