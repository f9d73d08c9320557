import { ops, type Value } from "../../tensor/index.js";
import type { DirectionBalancer, SharedBalancerContext } from "../entry.js";
import { option } from "../schemas.js";
import {
  combined,
  diagonalOf,
  dot,
  gramOf,
  lossesOf,
  on,
  outer,
  presenceOf,
  ratio,
  times,
  weightsOf,
} from "./common.js";
import { simplexMinimum } from "./simplex.js";

export const mgda: DirectionBalancer = {
  kind: "balancer",
  name: "mgda",
  doc: "The multiple-gradient descent algorithm (Désidéri 2012; Sener and Koltun 2018, equation 3): the combination Σ α·g with α ≥ 0 and Σ α = 1 of the tasks' gradients g, each times its static weight, that is shortest. `normalize` says what gradients are divided by before α is found: nothing, their norm (`l2`), the task's loss, or both (`loss_l2`). A task without a label in the step has no part, so that its gradient of 0 does not stop the others. Costs a backward pass through the shared layers for each task.",
  example: "balance: mgda",
  parameters: [
    on,
    option(
      "normalize",
      { enum: ["none", "l2", "loss", "loss_l2"] },
      "What gradients are divided by before they are weighed.",
      "none",
    ),
  ],
  staticWeights: true,
  form: "direction",
  state: () => [],
  direction(context) {
    const { b, tasks } = context;
    const weights = weightsOf(b, tasks);
    const gram = ops.mul(b, gramOf(context), outer(b, weights, weights));
    const inverse = ratio(b, presenceOf(b, tasks), lengths(context, gram));
    const normalized = ops.mul(b, gram, outer(b, inverse, inverse));
    const scale = ops.maxReduce(b, diagonalOf(b, normalized));
    const shares = simplexMinimum(
      b,
      presenceOf(b, tasks),
      (body, at, [matrix]) => ({
        value: (w) => ops.mul(body, dot(body, w, times(body, matrix!, w)), 0.5),
        gradient: times(body, matrix!, at),
        hessian: matrix!,
      }),
      [ratio(b, normalized, scale)],
    );
    return combined(context, ops.mul(b, shares, weights));
  },
};

/** What `normalize` divides by. */
function lengths({ b, tasks, options }: SharedBalancerContext, gram: Value): Value {
  const norms = ops.sqrt(b, diagonalOf(b, gram));
  switch (options.string("normalize")) {
    case "l2":
      return norms;
    case "loss":
      return lossesOf(b, tasks);
    case "loss_l2":
      return ops.mul(b, norms, lossesOf(b, tasks));
    default:
      return ops.ones(b, [tasks.length]);
  }
}
