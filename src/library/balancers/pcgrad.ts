import { sizeOf } from "../sizes.js";
import { defineBalancer } from "../kinds/balancer.js";
import { ops, type Builder, type Value } from "../../tensor/index.js";
import { loop } from "../loop.js";
import { combined, diagonalOf, gramOf, identity, isPositive, on, outer, ratio, weightsOf } from "./common.js";
import { randomOrders } from "./order.js";

export const pcgrad = defineBalancer({
  name: "pcgrad",
  doc: "PCGrad (Yu, Kumar, Gupta, Levine, Hausman and Finn 2020, algorithm 1): each task's gradient, times its static weight, loses its part against each other task's gradient that it conflicts with, in random order; then they are added up. Costs a backward pass through the shared layers for each task.",
  example: "balance: pcgrad",
  parameters: { on },
  remedies: "conflicts",
  staticWeights: true,
  form: "direction",
  state: () => [],
  direction(context) {
    const { b, tasks } = context;
    const weights = weightsOf(b, tasks);
    const gram = ops.mul(b, gramOf(context), outer(b, weights, weights));
    const { carries } = loop(
      b,
      tasks.length,
      { constants: [gram], carries: [identity(b, tasks.length)], xs: [randomOrders(context)] },
      (body, { constants: [products], carries: [made], xs: [place] }) => ({
        carries: [project(body, products, made, place)],
      }),
    );
    return combined(context, ops.mul(b, ops.sum(b, carries[0], [0]), weights));
  },
});

/** Projects each task's gradient once more, against the task at its `place`; row i of `made` holds the factors of gradient i. */
function project(b: Builder, gram: Value, made: Value, place: Value): Value {
  const others = ops.mul(b, place, ops.sub(b, 1, identity(b, sizeOf(b, gram, 0))));
  const product = ops.sum(b, ops.mul(b, others, ops.matmul(b, made, gram)), [1], true);
  const square = ops.sum(b, ops.mul(b, others, ops.expandDims(b, diagonalOf(b, gram), 0)), [1], true);
  const conflict = ops.select(b, isPositive(b, product), 0, ratio(b, product, square));
  return ops.sub(b, made, ops.mul(b, others, conflict));
}
