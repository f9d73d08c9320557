import { defineBalancer } from "../kinds/balancer.js";
import { ops } from "../../tensor/index.js";
import { LEAST_LOSS, lossesOf, presenceOf, ratio, weightsOf } from "./common.js";

export const gls = defineBalancer({
  name: "gls",
  doc: "The geometric loss strategy (Chennupati et al. 2019, equation 1): trains on the geometric mean of the losses, with the static weights as exponents, (Π Lʷ)^(1/Σw). A loss below 10⁻⁸ counts as that.",
  example: "balance: gls",
  parameters: {},
  staticWeights: true,
  form: "factors",
  looksAt: "losses",
  state: () => [],
  factors({ b, tasks }) {
    const weights = ops.mul(b, weightsOf(b, tasks), presenceOf(b, tasks));
    const losses = ops.max(b, lossesOf(b, tasks), LEAST_LOSS);
    const shares = ratio(b, weights, ops.sumAll(b, weights));
    const mean = ops.exp(b, ops.sumAll(b, ops.mul(b, shares, ops.log(b, losses))));
    // The mean's derivative by each loss.
    return { factors: ops.div(b, ops.mul(b, shares, mean), losses) };
  },
});
