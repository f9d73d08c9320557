import { type Builder, ops, type Value } from "../../tensor/index.js";
import { optionalValueName, valueName } from "../kinds/parameters.js";
import type { Options } from "../entry.js";
import type { MetaSubject, MetricAlgorithm } from "../meta-entry.js";

const doc = "The value that embeds a row, flattened.";

export const embed = valueName(doc);

export const optionalEmbed = optionalValueName(doc);

type Unfit = ReturnType<NonNullable<MetricAlgorithm["fits"]>>;

/** A problem unless `embed` names a batched value of floats. */
export function embedsRows({ embed: type }: Pick<MetaSubject, "embed">): Unfit {
  if (!type || (type.batched && type.dtype === "float")) return undefined;
  return {
    reason: "what `embed` names is not numbers of each row",
    hint: "Name the layer before the task's own output.",
  };
}

/** A problem unless one category is all that the model predicts, by a softmax. */
export function predictsClass(subject: MetaSubject): Unfit {
  const [task, ...more] = subject.tasks;
  if (!task || more.length > 0 || task.label.kind !== "category" || task.label.dims.length > 0)
    return {
      reason: "the model has other tasks than one of a category",
      hint: "Give it one task with `label: category(ways)`.",
    };
  if (task.link !== "softmax")
    return { reason: "the task's loss takes no softmax", hint: "Use `loss: categorical_crossentropy`." };
  return embedsRows(subject);
}

/** The score of classes without a row in the support, which are never predicted. */
const NEVER = -1e30;

/** Keeps the means of each class's rows [ways, width], and their numbers [ways]; classes without rows are 0. */
export const keepsMeans: Pick<MetricAlgorithm<Options, readonly [Value, Value]>, "kept" | "keep"> = {
  kept: ({ ways, width }) => [
    { path: "means", shape: [ways, width] },
    { path: "counts", shape: [ways] },
  ],
  keep({ b }, { embedded, classes }) {
    const sums = ops.matmul(b, classes, embedded, { transposeA: true });
    const counts = ops.sum(b, classes, [0], false);
    return [ops.div(b, sums, ops.expandDims(b, ops.max(b, counts, 1), -1)), counts];
  },
};

/** The scores of classes that have rows; others are never predicted. */
export function ofPresent(b: Builder, scores: Value, counts: Value): Value {
  return ops.select(b, ops.lt(b, ops.scalar(b, 0), counts), scores, NEVER);
}

/** Rows of length 1. */
export function normalized(b: Builder, rows: Value): Value {
  const square = ops.sum(b, ops.square(b, rows), [-1], true);
  return ops.div(b, rows, ops.sqrt(b, ops.add(b, square, 1e-12)));
}
