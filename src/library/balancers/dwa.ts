import { type Builder, ops, type Value } from "../../tensor/index.js";
import type { StateValues, StepBalancerContext } from "../entry.js";
import { defineBalancer } from "../kinds/balancer.js";
import { option } from "../kinds/parameters.js";
import { positive } from "../kinds/values.js";
import { isPositive, lossesOf, presenceOf, ratio, weightsOf } from "./common.js";

export const dwa = defineBalancer({
  name: "dwa",
  doc: "Dynamic weight average (Liu, Johns and Davison 2019, equation 7): weights N·softmax(r / T), where r is a task's mean loss in the last epoch over that in the one before; 1 in the first two epochs. They are times the static weights. A mean is over the steps with labels of the task.",
  example: "balance: dwa",
  parameters: { temperature: option(positive, "How even the weights are.", 2) },
  staticWeights: true,
  form: "factors",
  looksAt: "losses",
  state: (tasks) => [
    { name: "epoch", shape: [], initial: 0 },
    // Sums and counts of the running epoch, and the means of the two before it.
    ...["sum", "count", "last", "before"].map((name) => ({ name, shape: [tasks.length], initial: 0 })),
  ],
  factors(context) {
    const { b, options, tasks, epoch } = context;
    const { last, before, next } = means(context);
    const slowness = ops.select(b, isPositive(b, before), ratio(b, last, before), 1);
    const weights = ops.softmax(b, ops.div(b, slowness, options.temperature));
    const early = ops.lt(b, epoch, ops.scalar(b, 2));
    const factors = ops.select(b, early, 1, ops.mul(b, weights, tasks.length));
    return { factors: ops.mul(b, factors, weightsOf(b, tasks)), next };
  },
});

interface Means {
  readonly last: Value;
  readonly before: Value;
  readonly next: StateValues;
}

function means({ b, tasks, epoch, state }: StepBalancerContext): Means {
  const isNew = ops.lt(b, state("epoch"), epoch);
  const [sum, count] = [state("sum"), state("count")];
  const closed = ops.select(b, isPositive(b, count), ratio(b, sum, count), state("last"));
  const last = ops.select(b, isNew, closed, state("last"));
  const before = ops.select(b, isNew, state("last"), state("before"));
  const present = presenceOf(b, tasks);
  const goOn = (b: Builder, total: Value, more: Value) => ops.add(b, ops.select(b, isNew, 0, total), more);
  const next = {
    epoch,
    last,
    before,
    sum: goOn(b, sum, ops.mul(b, lossesOf(b, tasks), present)),
    count: goOn(b, count, present),
  };
  return { last, before, next };
}
