import { ops } from "../../tensor/index.js";
import type { TotalBalancer } from "../entry.js";
import { perLabel } from "./common.js";
import { anyNumber, nonNegative, option } from "../schemas.js";

export const imtl_l: TotalBalancer = {
  kind: "balancer",
  name: "imtl_l",
  doc: "Impartial multi-task learning, the loss part (Liu et al. 2021, equation 9): learns a scale s for each task by adam, with the term eˢ·L − s, which brings all eˢ·L to 1; each is times the static weight. The second term counts for each label, as the loss does.",
  example: "balance: imtl_l",
  parameters: [
    option("initial", anyNumber, "Where each s begins.", 0),
    option("lr", nonNegative, "The learning rate of the adam that trains each s.", 0.001),
  ],
  staticWeights: true,
  form: "total",
  state: (tasks, options) =>
    tasks.map((task) => ({
      name: task,
      shape: [],
      initial: options.number("initial"),
      adam: { lr: options.number("lr"), task },
    })),
  total: ({ b, tasks, state }) => {
    const terms = tasks.map((task) => {
      const s = state(task.name);
      const term = ops.sub(b, ops.mul(b, ops.exp(b, s), task.loss), perLabel(b, task, s));
      return ops.mul(b, term, task.weight);
    });
    return terms.slice(1).reduce((sum, term) => ops.add(b, sum, term), terms[0]!);
  },
};
