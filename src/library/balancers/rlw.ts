import { defineBalancer } from "../kinds/balancer.js";
import { ops } from "../../tensor/index.js";
import { maskedSoftmax, presenceOf, weightsOf } from "./common.js";

export const rlw = defineBalancer({
  name: "rlw",
  doc: "Random loss weighting (Lin, Ye, Zhang and Tsang 2022): in each step weights K·softmax of a normal draw, over the K tasks that have labels, times the static weights.",
  example: "balance: rlw",
  parameters: {},
  staticWeights: true,
  form: "factors",
  looksAt: "losses",
  state: () => [],
  factors({ b, tasks, random }) {
    const present = presenceOf(b, tasks);
    const shares = maskedSoftmax(b, ops.normal(b, random("order"), [tasks.length]), present);
    const factors = ops.mul(b, shares, ops.sumAll(b, present));
    return { factors: ops.mul(b, factors, weightsOf(b, tasks)) };
  },
});
