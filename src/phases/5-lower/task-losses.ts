import { elementsOfRow, labelElements } from "../../model/elements.js";
import { labelType } from "../../model/value-types.js";
import type { ModelAnalysis } from "../../model/analysis.js";
import type { ModelDocument, TaskDocument, TypeDocument } from "../../document/types.js";
import type { Link } from "../../library/entry.js";
import { entry as libraryEntry } from "../../library/index.js";
import { readOptions } from "../../library/options.js";
import { B, ops, type Builder, type Dimension, type TensorType, type Value } from "../../tensor/index.js";
import { lookup } from "../../tensor/lookup.js";
import type { Forward, ReadArgument } from "./forward.js";
import { names } from "./names.js";

/** The summed loss of a task over rows, and the numbers of labels that a mean needs. */
export interface TaskTerms {
  readonly task: TaskDocument;
  /** Σ over the labels that are there of weight · loss. */
  readonly sum: Value;
  /** How many labels are there; undefined where none is missing. */
  readonly count: Value | undefined;
  /** How many labels there would be if none were missing: elements of all rows. */
  readonly most: Value;
}

/** Tasks' losses (`taskLosses`), and whether the tasks had labels (bool scalars; absent where they always have). */
export interface TaskLosses {
  readonly losses: ReadonlyMap<string, Value>;
  readonly seen: ReadonlyMap<string, Value>;
  /** Labels divided by the number to be expected (scalars; absent where none is missing, so that it is always 1). */
  readonly shares: ReadonlyMap<string, Value>;
}

/** Sums divided by the number of labels to be expected, which is the presence rate times all elements. */
export function taskLosses(b: Builder, terms: readonly TaskTerms[]): TaskLosses {
  const losses = new Map<string, Value>();
  const seen = new Map<string, Value>();
  const shares = new Map<string, Value>();
  for (const { task, sum, count, most } of terms) {
    if (!count) {
      losses.set(task.name, ops.div(b, sum, most));
      continue;
    }
    seen.set(task.name, ops.lt(b, ops.scalar(b, 0), count));
    const rate = b.state(names.presenceRate(task.name), { dtype: "float", shape: [] });
    const expected = ops.mul(b, most, rate);
    losses.set(task.name, ops.div(b, sum, expected));
    shares.set(task.name, ops.div(b, count, expected));
  }
  return { losses, seen, shares };
}

export function classCount(label: TypeDocument): number {
  return label.base === "binary" ? 2 : (label.classes ?? 0);
}

export function labelTensor(label: TypeDocument, batch: Dimension): TensorType {
  return { dtype: label.base === "category" ? "int" : "float", shape: [batch, ...label.dims] };
}

/** Each task's summed loss over the batch, from its labels. */
export function taskTerms(
  b: Builder,
  model: ModelAnalysis<ModelDocument>,
  forward: Forward,
  batch: Dimension,
  read: ReadArgument = b.argument.bind(b),
): TaskTerms[] {
  const { document } = model;
  const weighed = new Set(document.data?.row_weights.map(({ task }) => task));
  const weightOf = (name: string) => read(name, { dtype: "float", shape: [batch] });
  const ofAll = weighed.has(null) ? [weightOf(names.rowWeight)] : [];
  return document.tasks.map((task) =>
    b.withOrigin(task.name, () => {
      const shape = [batch, ...labelElements(task)];
      const present = task.label.optional
        ? read(names.present(task.name), { dtype: "float", shape })
        : undefined;
      const label = read(names.label(task.name), labelTensor(task.label, batch));
      const losses = elementLosses({ b, model, task, forward, label, batch });
      const own = weighed.has(task.name) ? [weightOf(names.taskRowWeight(task.name))] : [];
      const each = ops.reshape(b, losses, shape);
      return termsOf(b, task, { each, batch, weights: [...ofAll, ...own], present });
    }),
  );
}

interface ElementLosses {
  /** A loss for each element of the label. */
  readonly each: Value;
  /** How many rows there are. */
  readonly batch: Dimension;
  /** A number a row. */
  readonly weights: readonly Value[];
  readonly present: Value | undefined;
}

function termsOf(
  b: Builder,
  task: TaskDocument,
  { each, batch, weights, present }: ElementLosses,
): TaskTerms {
  const ofRow = b.typeOf(each).shape.map((_, axis) => (axis === 0 ? batch : 1));
  const weighted = weights.reduce((loss, weight) => weigh(b, loss, ops.reshape(b, weight, ofRow)), each);
  const rows = ops.size(b, batch);
  const count = elementsOfRow(task);
  const most = count === 1 ? rows : ops.mul(b, rows, count);
  if (!present) return { task, sum: ops.sumAll(b, weighted), count: undefined, most };
  // `select`, not a product with 0, since the loss of a missing label may be NaN.
  const there = ops.lt(b, ops.scalar(b, 0.5), present);
  const kept = ops.select(b, there, weighted, ops.scalar(b, 0));
  return { task, sum: ops.sumAll(b, kept), count: ops.sumAll(b, present), most };
}

/** Weighted losses; a weight of 0 gives 0 also for an infinite loss. */
function weigh(b: Builder, loss: Value, weight: Value): Value {
  return ops.select(b, ops.eq(b, weight, 0), 0, ops.mul(b, loss, weight));
}

interface LossSite {
  readonly b: Builder;
  readonly model: ModelAnalysis;
  readonly task: TaskDocument;
  readonly forward: Forward;
  readonly label: Value;
  readonly batch: Dimension;
}

function elementLosses({ b, model, task, forward, label, batch }: LossSite): Value {
  const entry = libraryEntry("loss", task.loss.name);
  const type = labelType(task.label);
  return entry.lower({
    b,
    options: readOptions(entry, task.loss.options),
    label,
    labelType: type,
    prediction: lookup(forward.values, task.output),
    logits: entry.link ? logitsOf(model, task, forward, entry.link(type)) : undefined,
    batch,
    classWeights: task.class_weights
      ? b.state(names.classWeights(task.name), { dtype: "float", shape: [classCount(task.label)] })
      : undefined,
  });
}

/** The values before the link: what the last activation was applied to, or a linear output itself. */
function logitsOf(model: ModelAnalysis, task: TaskDocument, forward: Forward, link: Link): Value | undefined {
  const ends = model.outputLink(task);
  if (ends === "linear") return lookup(forward.values, task.output);
  return ends === link ? forward.beforeActivation.get(task.output) : undefined;
}

/** A task's output as metrics want it: logits where they are available. */
export function scoresOf(model: ModelAnalysis, task: TaskDocument, forward: Forward): Value {
  const link = model.scoreLink(task);
  const logits = link && logitsOf(model, task, forward, link);
  return logits ?? lookup(forward.values, task.output);
}

/** Writes the results that reports are made from: summed losses, their counts, and the scores that metrics look at. */
export function writeMeasures(b: Builder, model: ModelAnalysis<ModelDocument>, forward: Forward): void {
  for (const { task, sum, count, most } of taskTerms(b, model, forward, B)) {
    b.result(names.sum(task.name), sum);
    b.result(names.count(task.name), count ?? most);
    b.result(names.prediction(task.name), scoresOf(model, task, forward));
  }
}
