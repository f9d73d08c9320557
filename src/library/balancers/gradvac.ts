import { type Builder, ops, type Value } from "../../tensor/index.js";
import { defineBalancer } from "../kinds/balancer.js";
import { option } from "../kinds/parameters.js";
import { rate } from "../kinds/values.js";
import { loop } from "../loop.js";
import {
  combined,
  diagonal,
  diagonalOf,
  gramOf,
  identity,
  isPositive,
  on,
  outer,
  presenceOf,
  ratio,
  weightsOf,
} from "./common.js";
import { randomOrders } from "./order.js";

export const gradvac = defineBalancer({
  name: "gradvac",
  doc: "Gradient vaccine (Wang, Tsvetkov, Firat and Cao 2021, algorithm 1): where the cosine of two tasks' gradients is below the running mean of their cosines, the first is turned until it is that. Static weights act as in pcgrad, and so does the cost.",
  example: "balance: gradvac",
  parameters: { on, beta: option(rate, "The share of a new cosine in the running mean.", 0.01) },
  staticWeights: true,
  form: "direction",
  state: (tasks) => [{ name: "cosines", shape: [tasks.length, tasks.length], initial: 0 }],
  direction(context) {
    const { b, tasks, options, state } = context;
    const weights = weightsOf(b, tasks);
    const gram = ops.mul(b, gramOf(context), outer(b, weights, weights));
    const present = presenceOf(b, tasks);
    const others = ops.sub(b, outer(b, present, present), diagonal(b, present));
    const { carries } = loop(
      b,
      tasks.length,
      {
        constants: [gram, others],
        carries: [identity(b, tasks.length), state("cosines")],
        xs: [randomOrders(context)],
      },
      (body, { constants: [products, pairs], carries: [made, cosines], xs: [place] }) => ({
        carries: turn(body, {
          gram: products,
          made,
          cosines,
          chosen: ops.mul(body, place, pairs),
          beta: options.beta,
        }),
      }),
    );
    const factors = ops.mul(b, ops.sum(b, carries[0], [0]), weights);
    return { ...combined(context, factors), next: { cosines: carries[1] } };
  },
});

interface Turn {
  readonly gram: Value;
  /** [tasks, tasks]: row i holds the factors of the tasks' gradients whose sum is now the gradient of task i. */
  readonly made: Value;
  readonly cosines: Value;
  /** [tasks, tasks]: row i is 1 at the task that task i is compared with in this turn. */
  readonly chosen: Value;
  readonly beta: number;
}

function turn(b: Builder, { gram, made, cosines, chosen, beta }: Turn): [Value, Value] {
  const rowSum = (x: Value) => ops.sum(b, x, [1], true);
  const products = ops.matmul(b, made, gram);
  const product = rowSum(ops.mul(b, chosen, products));
  const length = ops.sqrt(b, ops.max(b, rowSum(ops.mul(b, products, made)), 0));
  const other = ops.sqrt(b, rowSum(ops.mul(b, chosen, ops.expandDims(b, diagonalOf(b, gram), 0))));
  const cosine = ratio(b, product, ops.mul(b, length, other));
  const target = rowSum(ops.mul(b, chosen, cosines));
  const sine = (c: Value) => ops.sqrt(b, ops.max(b, ops.sub(b, 1, ops.square(b, c)), 0));
  const lacking = ops.sub(b, ops.mul(b, target, sine(cosine)), ops.mul(b, cosine, sine(target)));
  const added = ratio(b, ops.mul(b, length, lacking), ops.mul(b, other, sine(target)));
  const below = isPositive(b, ops.sub(b, target, cosine));
  const share = ops.mul(b, chosen, ops.select(b, below, added, 0));
  const drift = ops.mul(b, ops.mul(b, ops.sub(b, cosine, cosines), chosen), beta);
  return [ops.add(b, made, share), ops.add(b, cosines, drift)];
}
