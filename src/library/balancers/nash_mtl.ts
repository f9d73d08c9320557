import { ops } from "../../tensor/index.js";
import type { DirectionBalancer } from "../entry.js";
import { combined, diagonalOf, gramOf, isPositive, on, ratio } from "./common.js";
import { fairRoot } from "./fair_root.js";

export const nash_mtl: DirectionBalancer = {
  kind: "balancer",
  name: "nash_mtl",
  doc: "Nash-MTL (Navon et al. 2022, claim 3.2): the Nash bargaining solution Σ α·∇L with GᵀG·α = 1/α, where GᵀG holds the products of the tasks' gradients, divided by its Frobenius norm; solved in every step. Static weights act on the layers that are not shared. Costs a backward pass through the shared layers for each task.",
  example: "balance: nash_mtl",
  parameters: [on],
  staticWeights: true,
  form: "direction",
  state: () => [],
  direction(context) {
    const { b } = context;
    const gram = gramOf(context);
    const matrix = ratio(b, gram, ops.sqrt(b, ops.sumAll(b, ops.square(b, gram))));
    const squares = diagonalOf(b, matrix);
    const there = ops.cast(b, isPositive(b, squares), "float");
    return combined(context, fairRoot(b, matrix, there, squares, 1));
  },
};
