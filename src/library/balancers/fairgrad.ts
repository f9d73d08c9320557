import { ops } from "../../tensor/index.js";
import type { DirectionBalancer } from "../entry.js";
import { option, positive } from "../schemas.js";
import { combined, diagonalOf, gramOf, isPositive, on, ratio } from "./common.js";
import { fairRoot } from "./fair_root.js";

export const fairgrad: DirectionBalancer = {
  kind: "balancer",
  name: "fairgrad",
  doc: "Fair resource allocation (Ban and Ji 2024, equation 5): Σ α·∇L with GᵀG·α = α^(−1/alpha), where GᵀG holds the products of the tasks' gradients; alpha 1 is proportional fairness, large ones are max-min fairness. Static weights act on the layers that are not shared. Costs a backward pass through the shared layers for each task.",
  example: "balance: fairgrad",
  parameters: [on, option("alpha", positive, "The kind of fairness.", 2)],
  staticWeights: true,
  form: "direction",
  state: () => [],
  direction(context) {
    const { b, options } = context;
    const alpha = options.number("alpha");
    const gram = gramOf(context);
    const scale = ops.maxReduce(b, diagonalOf(b, gram));
    const matrix = ratio(b, gram, scale);
    const squares = diagonalOf(b, matrix);
    const there = ops.cast(b, isPositive(b, squares), "float");
    const found = fairRoot(b, matrix, there, squares, alpha);
    // The root for the matrix as it was.
    const safe = ops.select(b, isPositive(b, scale), scale, 1);
    const back = ops.pow(b, safe, ops.scalar(b, -alpha / (alpha + 1)));
    return combined(context, ops.mul(b, found, back));
  },
};
