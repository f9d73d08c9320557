import { ops, type Value } from "../../tensor/index.js";
import type { SharedBalancerContext } from "../entry.js";
import { defineBalancer } from "../kinds/balancer.js";
import { option } from "../kinds/parameters.js";
import { oneOf } from "../kinds/values.js";
import {
  type Angles,
  anglesOf,
  combined,
  dot,
  lossesOf,
  measureOf,
  on,
  presenceOf,
  ratio,
  times,
  weightsOf,
} from "./common.js";
import { simplexMinimum } from "./simplex.js";

export const mgda = defineBalancer({
  name: "mgda",
  doc: "The multiple-gradient descent algorithm (Désidéri 2012; Sener and Koltun 2018, equation 3): the combination Σ α·g with α ≥ 0 and Σ α = 1 of the tasks' gradients g, each times its static weight, that is shortest. `normalize` says what gradients are divided by before α is found: nothing, their norm (`l2`), the task's loss, or both (`loss_l2`). A task without a label in the step has no part, so that its gradient of 0 does not stop the others. Costs a backward pass through the shared layers for each task.",
  example: "balance: mgda",
  parameters: {
    on,
    normalize: option(
      oneOf(["none", "l2", "loss", "loss_l2"]),
      "What gradients are divided by before they are weighed.",
      "none",
    ),
  },
  staticWeights: true,
  form: "direction",
  state: () => [],
  direction(context) {
    const { b, tasks } = context;
    const weights = weightsOf(b, tasks);
    const present = presenceOf(b, tasks);
    const angles = anglesOf(context, weights);
    const measure = measureOf(b, normalized(context, angles), present);
    // Shares are found in units of `measure`, the least length over the gradient's own, so that they are of similar size.
    const found = simplexMinimum(
      b,
      present,
      measure,
      (body, at, [matrix]) => ({
        value: (w) => ops.mul(body, dot(body, w, times(body, matrix, w)), 0.5),
        gradient: times(body, matrix, at),
        hessian: matrix,
      }),
      [angles.cosines],
    );
    return combined(context, ops.mul(b, ops.mul(b, found, measure), weights));
  },
});

/** The gradients' lengths after the division that `normalize` asks for. */
function normalized({ b, tasks, options }: SharedBalancerContext, { lengths, there }: Angles): Value {
  switch (options.normalize) {
    case "l2":
      return there;
    case "loss":
      return ratio(b, lengths, lossesOf(b, tasks));
    case "loss_l2":
      return ratio(b, there, lossesOf(b, tasks));
    default:
      return lengths;
  }
}
