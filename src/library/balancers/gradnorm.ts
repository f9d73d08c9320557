import { ops } from "../../tensor/index.js";
import { defineBalancer } from "../kinds/balancer.js";
import { option } from "../kinds/parameters.js";
import { nonNegative } from "../kinds/values.js";
import {
  isPositive,
  lossesOf,
  maskedMean,
  normsOf,
  onGiven,
  presenceOf,
  ratio,
  sumKept,
  weightsOf,
} from "./common.js";

export const gradnorm = defineBalancer({
  name: "gradnorm",
  doc: "GradNorm (Chen, Badrinarayanan, Lee and Rabinovich 2018, algorithm 1): learns a factor for each task by adam, so that the norms of the tasks' gradients of the weights `on` come to mean norm · (relative training rate)^alpha; a task's rate is its loss over its first loss. Adam sees each norm over the task's first norm, so that its epsilon does not count. The factors of the tasks that have labels keep their sum, and are times the static weights.",
  example: "balance: gradnorm(on: trunk.*)",
  parameters: {
    on: onGiven,
    alpha: option(nonNegative, "The force that pulls the tasks to a common training rate.", 1.5),
    lr: option(nonNegative, "The learning rate of the factors' adam.", 0.025),
  },
  staticWeights: true,
  form: "factors",
  looksAt: "gradients",
  state: (tasks, options) => [
    { name: "factors", shape: [tasks.length], initial: 1, adam: { lr: options.lr } },
    ...["first", "size"].map((name) => ({ name, shape: [tasks.length], initial: 0 })),
  ],
  factors(context) {
    const { b, options, tasks, state, adam } = context;
    const present = presenceOf(b, tasks);
    const losses = lossesOf(b, tasks);
    const known = isPositive(b, state("first"));
    const first = ops.select(b, known, state("first"), ops.mul(b, losses, present));
    const rates = ratio(b, losses, first);
    const relative = ratio(b, rates, maskedMean(b, rates, present));
    const weights = weightsOf(b, tasks);
    const slopes = ops.mul(b, weights, normsOf(context));
    const norms = ops.mul(b, slopes, state("factors"));
    const target = ops.mul(
      b,
      maskedMean(b, norms, present),
      ops.pow(b, relative, ops.scalar(b, options.alpha)),
    );
    // Gradients are divided by the task's first norm: adam ignores their scale, as long as they are far above its epsilon.
    const size = ops.select(b, isPositive(b, state("size")), state("size"), slopes);
    const gradient = ops.mul(b, ops.sign(b, ops.sub(b, norms, target)), ratio(b, slopes, size));
    const moved = adam("factors", gradient, isPositive(b, present));
    const next = { factors: sumKept(b, state("factors"), moved, present), first, size };
    return { factors: ops.mul(b, state("factors"), weights), next };
  },
});
