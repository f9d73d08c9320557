import { defineBalancer } from "../kinds/balancer.js";
import { ops } from "../../tensor/index.js";

export const fixed = defineBalancer({
  name: "fixed",
  doc: "Σ weight · loss, with the tasks' static weights.",
  example: "balance: fixed",
  parameters: {},
  staticWeights: true,
  plain: true,
  form: "total",
  state: () => [],
  total: ({ b, tasks }) => {
    const terms = tasks.map((task) => ops.mul(b, task.loss, task.weight));
    return terms.reduce((sum, term) => ops.add(b, sum, term));
  },
});
