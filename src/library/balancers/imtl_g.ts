import { defineBalancer } from "../kinds/balancer.js";
import { ops } from "../../tensor/index.js";
import { anglesOf, combined, diagonal, on, ratio } from "./common.js";
import { solve } from "./solve.js";

/** A gradient within 3 % of its length (the root of this) of a combination of earlier ones counts as dependent on them. */
const DEPENDENT = 1e-3;

export const imtl_g = defineBalancer({
  name: "imtl_g",
  doc: "Impartial multi-task learning, the gradient part (Liu et al. 2021, equation 6): the combination Σ α·∇L with Σ α = 1 whose projections on all tasks' gradients are equal. Static weights act on the layers that are not shared. Costs a backward pass through the shared layers for each task.",
  example: "balance: imtl_g",
  parameters: { on },
  staticWeights: true,
  form: "direction",
  state: () => [],
  direction(context) {
    const { b } = context;
    const { there, inverse, cosines } = anglesOf(context);
    // With d = Σ given · u of unit gradients u, every projection d·u is 1 where cosines · given is 1.
    const matrix = ops.add(b, cosines, diagonal(b, ops.sub(b, 1, there)));
    const [given] = solve(b, matrix, [there], DEPENDENT);
    const factors = ops.mul(b, given, inverse);
    return combined(context, ratio(b, factors, ops.sumAll(b, factors)));
  },
});
