import { defineBalancer } from "../kinds/balancer.js";
import { ops } from "../../tensor/index.js";
import { anglesOf, combined, on, productsNorm, ratio } from "./common.js";
import { fairRoot } from "./fair_root.js";

export const nash_mtl = defineBalancer({
  name: "nash_mtl",
  doc: "Nash-MTL (Navon et al. 2022, claim 3.2): the Nash bargaining solution Σ α·∇L with GᵀG·α = 1/α, where GᵀG holds the products of the tasks' gradients, divided by its Frobenius norm; solved in every step. Static weights act on the layers that are not shared. Costs a backward pass through the shared layers for each task.",
  example: "balance: nash_mtl",
  parameters: { on },
  staticWeights: true,
  form: "direction",
  state: () => [],
  direction(context) {
    const { b } = context;
    const { lengths, there, inverse, cosines } = anglesOf(context);
    // What is solved for, α · length / √norm, depends on the angles between the gradients alone.
    const found = fairRoot(b, cosines, there, there, 1);
    const longest = ops.maxReduce(b, lengths);
    const norm = productsNorm(b, cosines, ratio(b, lengths, longest));
    const back = ops.mul(b, ops.mul(b, inverse, longest), ops.sqrt(b, norm));
    return combined(context, ops.mul(b, found, back));
  },
});
