import { ops } from "../../tensor/index.js";
import type { DirectionBalancer } from "../entry.js";
import { anglesOf, combined, diagonal, on, ratio } from "./common.js";
import { solve } from "./solve.js";

export const imtl_g: DirectionBalancer = {
  kind: "balancer",
  name: "imtl_g",
  doc: "Impartial multi-task learning, the gradient part (Liu et al. 2021, equation 6): the combination Σ α·∇L with Σ α = 1 whose projections on all tasks' gradients are equal. Static weights act on the layers that are not shared. Costs a backward pass through the shared layers for each task.",
  example: "balance: imtl_g",
  parameters: [on],
  staticWeights: true,
  form: "direction",
  state: () => [],
  direction(context) {
    const { b } = context;
    const { there, inverse, cosines } = anglesOf(context);
    // Between unit gradients u: d·u is the same for all where their cosines times what they are given are.
    const [given] = solve(b, ops.add(b, cosines, diagonal(b, ops.sub(b, 1, there))), [there]);
    const factors = ops.mul(b, given!, inverse);
    return combined(context, ratio(b, factors, ops.sumAll(b, factors)));
  },
};
