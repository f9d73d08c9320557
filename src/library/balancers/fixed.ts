import { ops } from "../../tensor/index.js";
import type { BalancerEntry } from "../entry.js";

export const fixed: BalancerEntry = {
  kind: "balancer",
  name: "fixed",
  doc: "Σ weight · loss, with the tasks' static weights.",
  example: "balance: fixed",
  parameters: [],
  staticWeights: true,
  parametersFor: () => ({}),
  combine: ({ b, tasks }) => {
    const terms = tasks.map((task) => ops.mul(b, task.loss, task.weight));
    return terms.slice(1).reduce((sum, term) => ops.add(b, sum, term), terms[0]!);
  },
};
