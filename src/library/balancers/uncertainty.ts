import { ops } from "../../tensor/index.js";
import { defineBalancer } from "../kinds/balancer.js";
import { option } from "../kinds/parameters.js";
import { anyNumber, nonNegative } from "../kinds/values.js";
import { perLabel } from "./common.js";

export const uncertainty = defineBalancer({
  name: "uncertainty",
  doc: "Learns a log variance s for each task (Kendall, Gal and Cipolla 2018, equations 7 and 10): ½·e⁻ˢ·L + ½·s for a Gaussian loss, e⁻ˢ·L + s for a Laplace one, e⁻ˢ·L + ½·s for a cross-entropy, each times the static weight. The second term counts for each label, as the loss does.",
  example: "balance: uncertainty",
  parameters: {
    initial: option(anyNumber, "Where each s begins.", 0),
    lr: option(nonNegative, "The learning rate of the adam that trains each s.", 0.001),
  },
  wantsLikelihoods: true,
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
      const precise = ops.mul(b, ops.exp(b, ops.neg(b, s)), task.loss);
      const first = task.noise === "gaussian" ? ops.mul(b, precise, 0.5) : precise;
      const second = task.noise === "laplace" ? s : ops.mul(b, s, 0.5);
      return ops.mul(b, ops.add(b, first, perLabel(b, task, second)), task.weight);
    });
    return terms.reduce((sum, term) => ops.add(b, sum, term));
  },
});
