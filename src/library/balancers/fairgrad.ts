import { ops } from "../../tensor/index.js";
import { defineBalancer } from "../kinds/balancer.js";
import { option } from "../kinds/parameters.js";
import { positive } from "../kinds/values.js";
import { anglesOf, combined, isPositive, middleOf, on, productsNorm, ratio } from "./common.js";
import { fairRoot } from "./fair_root.js";

/** Shares beyond this are of gradients that cancel each other; times the lengths that float32 has, they are numbers still. */
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
    // Of y = α · length the equation is C·y = length^(1/alpha − 1) · y^(−1/alpha), with the lengths brought to about 1.
    const middle = middleOf(b, lengths, there);
    const sizes = ops.select(b, isPositive(b, there), ops.div(b, lengths, middle), 1);
    const found = fairRoot(b, cosines, there, ops.pow(b, sizes, 1 / alpha - 1), alpha);
    // The norm's power, and what bringing the lengths to 1 has left out, are together as long as the longest.
    const longest = ops.maxReduce(b, lengths);
    const norm = productsNorm(b, cosines, ratio(b, lengths, longest));
    const spread = ops.pow(b, ratio(b, longest, middle), (alpha - 1) / (1 + alpha));
    const shares = ops.mul(b, found, ops.mul(b, spread, ops.pow(b, norm, alpha / (1 + alpha))));
    const factors = ops.mul(b, ops.min(b, shares, MOST), ops.mul(b, inverse, longest));
    return combined(context, factors);
  },
});
