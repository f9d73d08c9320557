import { ops } from "../../tensor/index.js";
import { defineBalancer } from "../kinds/balancer.js";
import { option } from "../kinds/parameters.js";
import { anyNumber, nonNegative } from "../kinds/values.js";
import { perLabel } from "./common.js";

export const imtl_l = defineBalancer({
  name: "imtl_l",
  doc: "Impartial multi-task learning, the loss part (Liu et al. 2021, equation 9): learns a scale s for each task by adam, with the term eˢ·L − s, which brings all eˢ·L to 1; each is times the static weight. The second term counts for each label, as the loss does.",
  example: "balance: imtl_l",
  parameters: {
    initial: option(anyNumber, "Where each s begins.", 0),
    lr: option(nonNegative, "The learning rate of the adam that trains each s.", 0.001),
  },
  remedies: "norms",
  staticWeights: true,
  form: "total",
  state: (tasks, options) =>
    tasks.map((task) => ({
      name: task,
      shape: [],
      initial: options.initial,
      adam: { lr: options.lr, task },
    })),
  total: ({ b, tasks, state }) => {
    const terms = tasks.map((task) => {
      const s = state(task.name);
      const term = ops.sub(b, ops.mul(b, ops.exp(b, s), task.loss), perLabel(b, task, s));
      return ops.mul(b, term, task.weight);
    });
    return terms.reduce((sum, term) => ops.add(b, sum, term));
  },
});
