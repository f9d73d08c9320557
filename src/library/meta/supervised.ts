import { sizeOf } from "../sizes.js";
import { ops, type Value } from "../../tensor/index.js";
import { component } from "../declarations.js";
import {
  defineGradientAlgorithm,
  type GradientAlgorithm,
  type MetaSubject,
  type TaskContext,
} from "../meta-entry.js";
import { adapt, innerLr, innerSteps, oneRate } from "./common.js";
import { embedsRows, optionalEmbed } from "./metric.js";

const PATHS = { kernel: "classes/kernel", bias: "classes/bias" } as const;

export const supervised = defineGradientAlgorithm({
  name: "supervised",
  doc: "The baseline without meta-learning: trains on the rows of all tasks together, and fine-tunes to a new one by `inner_steps` steps of gradient descent. Where an episode's classes are drawn anew, so that indices mean nothing by themselves, a linear layer over all classes of training is trained on what `embed` names, and the task's own output begins afresh in every new task (Chen et al. 2019, section 3.1).",
  example: "algorithm: supervised(inner_steps: 10, inner_lr: 0.01)",
  parameters: { inner_steps: innerSteps, inner_lr: innerLr, embed: optionalEmbed, adapt },
  adapts: "all",
  innerSteps: (options) => options.inner_steps,
  fits,
  learned: (_, { classes, width }) =>
    width === 0
      ? []
      : [
          { path: PATHS.kernel, shape: [width, classes], initializer: component("glorot_uniform") },
          { path: PATHS.bias, shape: [classes], initializer: component("zeros") },
        ],
  adaptation: (context) => ({ rates: oneRate(context) }),
  meta(context) {
    const loss = context.options.embed === null ? context.startLoss() : classLoss(context);
    return { loss, objective: loss };
  },
});

function fits(subject: MetaSubject): ReturnType<NonNullable<GradientAlgorithm["fits"]>> {
  const { embed: embedding, ways, classes } = subject;
  if (ways === 0)
    return embedding === undefined
      ? undefined
      : {
          reason: "`embed` is for episodes of classes",
          hint: "Leave it away: the rows of all tasks are trained on as they are.",
        };
  if (embedding === undefined)
    return {
      reason: "the classes of an episode are drawn anew, and an index means nothing to other tasks",
      hint: "Name the layer before the task's own output: `supervised(embed: NAME)`.",
    };
  if (classes === 0)
    return {
      reason: "it is not known what classes there are",
      hint: "Give the data section `classes: { … }`.",
    };
  return embedsRows(subject);
}

/** Mean cross-entropy over all classes of training. */
function classLoss({ b, learned, embedded, classNumbers }: TaskContext): Value {
  const parts = embedded();
  const rows = ops.concat(
    b,
    parts.map((part) => part.embedded),
    0,
  );
  const labels = ops.concat(
    b,
    parts.map((part) => part.labels),
    0,
  );
  const bias = learned(PATHS.bias);
  const logits = ops.add(b, ops.matmul(b, rows, learned(PATHS.kernel)), bias);
  const classes = sizeOf(b, bias, 0);
  const wanted = ops.oneHot(b, ops.gather(b, classNumbers(), labels), classes);
  const each = ops.sum(b, ops.mul(b, wanted, ops.logSoftmax(b, logits, -1)), [-1], false);
  return ops.neg(b, ops.mean(b, each));
}
