import { defineLoss } from "../kinds/loss.js";
import { ops, type Builder, type Value } from "../../tensor/index.js";
import type { LabelType, LossContext, ValueType } from "../entry.js";
import { sameDims } from "./rows.js";

/** Keras's clip of probabilities that do not come from logits. */
const EPSILON = 1e-7;

export const categoricalCrossentropy = defineLoss({
  name: "categorical_crossentropy",
  elsewhere: ["sparse_categorical_crossentropy", "cross_entropy", "cross_entropy_loss", "nll_loss"],
  doc: "-Σ y·log p over the last axis. The label is `category(n)` (class indices) or `float[n]` (one-hot or soft). From the logits where the output is linear or ends with `softmax`, else from probabilities that are normalized and clipped by 1e-7.",
  example: "loss: categorical_crossentropy",
  noise: "categorical",
  parameters: {},
  link: () => "softmax",
  elements: (label) => (label.kind === "category" ? label.dims : label.dims.slice(0, -1)),
  takes: "shares",
  fits,
  lower: (context) => {
    const { b, classWeights } = context;
    const y = target(context);
    const logP = logProbabilities(context);
    const last = b.typeOf(logP).shape.length - 1;
    const weighted = classWeights === undefined ? y : ops.mul(b, y, classWeights);
    // A class of target 0 adds 0, also where its probability is 0 and 0·log(0) would not be a number.
    const terms = ops.select(b, ops.eq(b, weighted, 0), 0, ops.mul(b, weighted, logP));
    return ops.neg(b, ops.sum(b, terms, [last], false));
  },
});

function fits(label: LabelType, output: ValueType): { message: string; hint?: string } | undefined {
  if (label.kind === "binary") {
    return {
      message: "`categorical_crossentropy` takes a category, but the label is binary.",
      hint: "Use `loss: binary_crossentropy`.",
    };
  }
  if (label.kind === "category") return sameDims([...label.dims, label.classes.count], output);
  if (label.dims.length === 0) {
    return {
      message:
        "`categorical_crossentropy` takes a category or one number a class, but the label is a single number.",
      hint: "Declare `label: category(n)`, or use `loss: mse`.",
    };
  }
  return sameDims(label.dims, output);
}

/** The label as one number a class. */
function target({ b, label, labelType }: LossContext): Value {
  return labelType.kind === "category" ? ops.oneHot(b, label, labelType.classes.count) : label;
}

function logProbabilities({ b, logits, prediction }: LossContext): Value {
  if (logits !== undefined) return ops.logSoftmax(b, logits, -1);
  return ops.log(b, ops.clip(b, shareOf(b, prediction), EPSILON, 1 - EPSILON));
}

/** Each number's share of the sum; 0 where there is no sum. The numbers are brought to about 1 first, so that the sum is finite. */
function shareOf(b: Builder, numbers: Value): Value {
  const last = b.typeOf(numbers).shape.length - 1;
  const size = ops.detach(b, ops.maxReduce(b, ops.abs(b, numbers), last, true));
  const scaled = ops.div(b, numbers, ops.select(b, ops.eq(b, size, 0), 1, size));
  const sum = ops.sum(b, scaled, [last], true);
  const none = ops.eq(b, sum, 0);
  return ops.select(b, none, 0, ops.div(b, scaled, ops.select(b, none, 1, sum)));
}
