import { type Builder, ops, type Value } from "../../tensor/index.js";
import type { SharedBalancerContext, SharedWeight } from "../entry.js";
import { defineBalancer } from "../kinds/balancer.js";
import { option } from "../kinds/parameters.js";
import { nonNegative, number } from "../kinds/values.js";
import { combined, gramOf, isPositive, on, outer, presenceOf, ratio, times, weightsOf } from "./common.js";

export const moco = defineBalancer({
  name: "moco",
  doc: "MoCo (Fernando et al. 2023, algorithm 1): mgda for noisy gradients. Each task's gradient, times its static weight, is tracked by a running mean y; the shares of the tasks take one step of projected gradient descent on ½‖Σ share · y‖² + ½·rho·‖shares‖², and the direction is Σ share · y. A task without labels keeps its mean and its share; the others' shares keep their sum, and add up to 1 in the direction. Costs a backward pass through the shared layers for each task.",
  example: "balance: moco",
  parameters: {
    on,
    beta: option(
      number({ exclusiveMinimum: 0, maximum: 1 }),
      "The share of a new gradient in the running mean.",
      0.5,
    ),
    gamma: option(nonNegative, "The step size of the shares.", 0.1),
    rho: option(nonNegative, "How strongly the shares are drawn together.", 0),
  },
  staticWeights: true,
  form: "direction",
  state: (tasks, _options, shared) => [
    { name: "shares", shape: [tasks.length], initial: 1 / tasks.length },
    ...shared.map(({ path, shape }) => ({ name: meanOf(path), shape: [tasks.length, ...shape], initial: 0 })),
  ],
  direction(context) {
    const { b, tasks, options, state } = context;
    const present = presenceOf(b, tasks);
    const means = context.shared.map((weight) => ({ weight, mean: track(context, weight, present) }));
    const tracked = { ...context, shared: means.map(({ weight, mean }) => unstacked(b, weight, mean)) };
    const shares = state("shares");
    const slope = ops.add(
      b,
      times(b, gramOf(tracked), ops.mul(b, shares, present)),
      ops.mul(b, shares, options.rho),
    );
    // Subtracting one number from all slopes does not change the projection, and large slopes would round the shares away.
    const there = isPositive(b, present);
    const least = ops.minReduce(b, ops.select(b, there, slope, 3e38));
    const down = ops.select(b, there, ops.sub(b, slope, least), 0);
    const moved = projected(b, {
      point: ops.sub(b, shares, ops.mul(b, down, options.gamma)),
      mask: present,
      total: ops.sumAll(b, ops.mul(b, shares, present)),
    });
    const now = ops.mul(b, moved, present);
    const { gradients } = combined(tracked, ratio(b, now, ops.sumAll(b, now)));
    const next = {
      shares: ops.select(b, isPositive(b, present), moved, shares),
      ...Object.fromEntries(means.map(({ weight, mean }) => [meanOf(weight.path), mean])),
    };
    return { gradients, next };
  },
});

function meanOf(path: string): string {
  return `mean/${path}`;
}

/** The running means of one weight's gradients after the step, shape [tasks, …]. */
function track(
  { b, tasks, options, state }: SharedBalancerContext<{ readonly beta: number }>,
  { path, shape, gradients }: SharedWeight,
  present: Value,
): Value {
  const beside = [tasks.length, ...shape.map(() => 1)];
  const along = (scalars: Value) => ops.reshape(b, scalars, beside);
  const mean = state(meanOf(path));
  const fresh = ops.mul(b, ops.stack(b, gradients), along(weightsOf(b, tasks)));
  const drift = ops.mul(b, ops.sub(b, fresh, mean), along(ops.mul(b, present, options.beta)));
  return ops.add(b, mean, drift);
}

function unstacked(b: Builder, weight: SharedWeight, means: Value): SharedWeight {
  const { shape, gradients } = weight;
  const of = (i: number) =>
    ops.reshape(b, ops.slice(b, means, [i, ...shape.map(() => 0)], [1, ...shape]), shape);
  return { ...weight, gradients: gradients.map((_, i) => of(i)) };
}

interface Projection {
  readonly point: Value;
  readonly mask: Value;
  readonly total: Value;
}

/**
 * The nearest point whose numbers where `mask` is 1 are at least 0 and add up to `total`: max(x − τ, 0), where τ is the largest
 * (Σ − total) / n over the n numbers that are at least as large as one of them (Held, Wolfe and Crowder 1974).
 */
function projected(b: Builder, { point, mask, total }: Projection): Value {
  const least = ops.cast(b, ops.ge(b, ops.expandDims(b, point, 0), ops.expandDims(b, point, 1)), "float");
  const above = ops.mul(b, least, outer(b, mask, mask));
  const counts = ops.sum(b, above, [1]);
  const levels = ratio(b, ops.sub(b, times(b, above, point), total), counts);
  const level = ops.maxReduce(b, ops.select(b, isPositive(b, mask), levels, -1e30));
  return ops.max(b, ops.sub(b, point, level), 0);
}
