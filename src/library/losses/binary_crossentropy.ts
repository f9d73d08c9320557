import { defineLoss } from "../kinds/loss.js";
import { ops, type Builder, type Value } from "../../tensor/index.js";
import { sameDims, valueDims } from "./rows.js";

/** Keras's clip of probabilities that do not come from logits. */
const EPSILON = 1e-7;

export const binaryCrossentropy = defineLoss({
  name: "binary_crossentropy",
  elsewhere: ["bce_loss", "bce_with_logits_loss", "bce", "log_loss"],
  doc: "-(y·log p + (1 - y)·log(1 - p)); from the logits where the output is linear or ends with `sigmoid`, else from probabilities that are clipped by 1e-7.",
  example: "loss: binary_crossentropy",
  noise: "categorical",
  parameters: {},
  link: () => "sigmoid",
  takes: "probabilities",
  fits: (label, output) =>
    label.kind === "category"
      ? {
          message: `\`binary_crossentropy\` takes a binary label, but this one is a category of ${label.classes.count} classes.`,
          hint: "Use `loss: categorical_crossentropy`, or `label: binary`.",
        }
      : sameDims(valueDims(label), output),
  lower: (context) => {
    const { b, logits, prediction, label, labelType, classWeights } = context;
    const y = ops.cast(b, ops.reshape(b, label, b.typeOf(prediction).shape), "float");
    const from = labelType.kind === "binary" ? fromLogits : fromSoftLogits;
    const terms = logits === undefined ? fromProbabilities(b, prediction, y) : from(b, logits, y);
    return classWeights === undefined ? terms : ops.mul(b, terms, weightOf(b, classWeights, y));
  },
});

/** softplus(−z) where y is 1, softplus(z) where it is 0: softplus(z) - y·z would lose digits by cancellation. */
function fromLogits(b: Builder, logits: Value, y: Value): Value {
  return ops.softplus(b, ops.mul(b, logits, ops.sub(b, 1, ops.mul(b, y, 2))));
}

/** The same for labels in between: y·softplus(-z) + (1 - y)·softplus(z). */
function fromSoftLogits(b: Builder, logits: Value, y: Value): Value {
  const yes = ops.mul(b, y, ops.softplus(b, ops.neg(b, logits)));
  const no = ops.mul(b, ops.sub(b, 1, y), ops.softplus(b, logits));
  return ops.add(b, yes, no);
}

function fromProbabilities(b: Builder, prediction: Value, y: Value): Value {
  const log = (p: Value) => ops.log(b, ops.clip(b, p, EPSILON, 1 - EPSILON));
  const yes = ops.mul(b, y, log(prediction));
  // In float32 1 - (1 - 1e-7) would no longer be 1e-7.
  const no = ops.mul(b, ops.sub(b, 1, y), log(ops.sub(b, 1, prediction)));
  return ops.neg(b, ops.add(b, yes, no));
}

function weightOf(b: Builder, classWeights: Value, y: Value): Value {
  const of = (index: number) => ops.reshape(b, ops.slice(b, classWeights, [index], [1]), []);
  return ops.add(b, ops.mul(b, y, of(1)), ops.mul(b, ops.sub(b, 1, y), of(0)));
}
