import { ops } from "../../tensor/index.js";
import type { DirectionBalancer } from "../entry.js";
import { option, positive } from "../schemas.js";
import { anglesOf, combined, isPositive, middleOf, on } from "./common.js";
import { fairRoot } from "./fair_root.js";

export const fairgrad: DirectionBalancer = {
  kind: "balancer",
  name: "fairgrad",
  doc: "Fair resource allocation (Ban and Ji 2024, equation 5): Σ α·∇L with GᵀG·α = α^(−1/alpha), where GᵀG holds the products of the tasks' gradients; alpha 1 is proportional fairness, large ones are max-min fairness. By this equation gradients that are all s times as long make a step that is s^((1−alpha)/(1+alpha)) times as long: above alpha 1 a longer one where gradients are small, so that with sgd the rate has to fall, or `clip` to hold it; adam does not mind. Static weights act on the layers that are not shared. Costs a backward pass through the shared layers for each task.",
  example: "balance: fairgrad",
  parameters: [on, option("alpha", positive, "The kind of fairness.", 2)],
  staticWeights: true,
  form: "direction",
  state: () => [],
  direction(context) {
    const { b, options } = context;
    const alpha = options.number("alpha");
    const { lengths, there, inverse, cosines } = anglesOf(context);
    // Of y = α · length the equation is C·y = length^(1/alpha − 1) · y^(−1/alpha), with the lengths brought to about 1.
    const middle = middleOf(b, lengths, there);
    const sizes = ops.select(b, isPositive(b, there), ops.div(b, lengths, middle), 1);
    const found = fairRoot(b, cosines, there, ops.pow(b, sizes, 1 / alpha - 1), alpha);
    const back = ops.pow(b, middle, ops.scalar(b, (1 - alpha) / (1 + alpha)));
    return combined(context, ops.mul(b, ops.mul(b, found, back), inverse));
  },
};
