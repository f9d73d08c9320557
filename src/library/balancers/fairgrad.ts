import { ops } from "../../tensor/index.js";
import { defineBalancer } from "../kinds/balancer.js";
import { option } from "../kinds/parameters.js";
import { positive } from "../kinds/values.js";
import { anglesOf, combined, isPositive, middleOf, on, productsNorm, ratio } from "./common.js";
import { fairRoot } from "./fair_root.js";

/** Only gradients that cancel each other get larger shares; up to this, a share times a length is finite in float32. */
const MOST = 1e18;

export const fairgrad = defineBalancer({
  name: "fairgrad",
  doc: "Fair resource allocation (Ban and Ji 2024, equation 5): Σ α·∇L with GᵀG·α = α^(−1/alpha), where GᵀG holds the products of the tasks' gradients, divided by its Frobenius norm as in nash_mtl: so a step is as long as the gradients are, where by the equation alone it grows while they shrink. The direction is the same. alpha 1 is proportional fairness, large ones are max-min fairness. Static weights act on the layers that are not shared. Costs a backward pass through the shared layers for each task.",
  example: "balance: fairgrad",
  parameters: { on, alpha: option(positive, "The kind of fairness.", 2) },
  staticWeights: true,
  form: "direction",
  state: () => [],
  direction(context) {
    const { b, options } = context;
    const alpha = options.alpha;
    const { lengths, there, inverse, cosines } = anglesOf(context);
    // In y = α · length the equation is C·y = length^(1/alpha − 1) · y^(−1/alpha); dividing by the mean makes lengths about 1.
    const middle = middleOf(b, lengths, there);
    const sizes = ops.select(b, isPositive(b, there), ops.div(b, lengths, middle), 1);
    const found = fairRoot(b, cosines, there, ops.pow(b, sizes, 1 / alpha - 1), alpha);
    // Puts back the power of the Frobenius norm and of the mean length, both in units of the longest length.
    const longest = ops.maxReduce(b, lengths);
    const norm = productsNorm(b, cosines, ratio(b, lengths, longest));
    const spread = ops.pow(b, ratio(b, longest, middle), (alpha - 1) / (1 + alpha));
    const shares = ops.mul(b, found, ops.mul(b, spread, ops.pow(b, norm, alpha / (1 + alpha))));
    const factors = ops.mul(b, ops.min(b, shares, MOST), ops.mul(b, inverse, longest));
    return combined(context, factors);
  },
});
