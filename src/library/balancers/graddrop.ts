import { ops, type Value } from "../../tensor/index.js";
import type { SharedBalancerContext, SharedWeight } from "../entry.js";
import { defineBalancer } from "../kinds/balancer.js";
import { option } from "../kinds/parameters.js";
import { number } from "../kinds/values.js";
import { pairs } from "../lists.js";
import { isPositive, on, ratio } from "./common.js";

export const graddrop = defineBalancer({
  name: "graddrop",
  doc: "Gradient sign dropout (Chen et al. 2020, algorithm 1), on the gradients of weights: for each number of a weight either the positive or the negative parts of the tasks' gradients are kept, positive ones with probability ½·(1 + Σg / Σ|g|). Gradients are times their static weights. Costs a backward pass through the shared layers for each task.",
  example: "balance: graddrop",
  parameters: {
    on,
    leak: option(number({ minimum: 0, maximum: 1 }), "The share of each gradient that always passes.", 0),
  },
  staticWeights: true,
  form: "direction",
  state: () => [],
  direction: (context) => ({ gradients: context.shared.map((weight) => dropped(context, weight)) }),
});

function dropped(
  { b, tasks, options, random }: SharedBalancerContext<{ readonly leak: number }>,
  weight: SharedWeight,
): Value {
  const gradients = pairs(weight.gradients, tasks).map(([g, task]) => ops.mul(b, g, task.weight));
  const add = (x: Value, y: Value) => ops.add(b, x, y);
  const total = gradients.reduce(add);
  const size = gradients.map((g) => ops.abs(b, g)).reduce(add);
  const purity = ops.mul(b, ops.add(b, ratio(b, total, size), 1), 0.5);
  const positive = ops.lt(b, ops.uniform(b, random(weight.path), weight.shape), purity);
  const leak = options.leak;
  return gradients
    .map((g) => {
      const kept = ops.select(b, ops.eq(b, positive, isPositive(b, g)), g, 0);
      return leak === 0 ? kept : ops.add(b, ops.mul(b, kept, 1 - leak), ops.mul(b, g, leak));
    })
    .reduce(add);
}
