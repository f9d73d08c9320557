import { greatest } from "./extremes.js";
import { classCount } from "./class-count.js";
import type { TaskDescriptor } from "./descriptor.js";
import type { Pipelines } from "./pipeline.js";
import type { ClassPrediction, ClassRow, Prediction, RowPrediction } from "./types.js";
import { elementCount } from "./elements.js";

/** Gives a program's raw outputs their meaning. */
export function toPrediction(
  task: TaskDescriptor,
  pipelines: Pipelines,
  outputs: Float64Array,
  rows: number,
): Prediction {
  if (task.kind === "float" || task.kind === "int") {
    return { shape: [rows, ...task.dims], values: pipelines.invert(task, outputs) };
  }
  const probabilities = task.link === null ? outputs : linked(task, outputs);
  const logits = task.link === null ? {} : { logits: Float32Array.from(outputs) };
  const classes =
    task.kind === "binary" ? binaryClasses(task, probabilities) : likeliest(task, probabilities);
  const shape = task.kind === "binary" ? [rows, ...task.dims] : [rows, ...task.output];
  return { classes, shape, probabilities: Float32Array.from(probabilities), ...logits };
}

function className(task: TaskDescriptor, index: number): string | number {
  return task.names?.[index] ?? index;
}

function binaryClasses(task: TaskDescriptor, probabilities: Float64Array): (string | number)[] {
  return Array.from(probabilities, (p) => className(task, p > 0.5 ? 1 : 0));
}

function likeliest(task: TaskDescriptor, probabilities: Float64Array): (string | number)[] {
  const count = classCount(task);
  return Array.from({ length: probabilities.length / count }, (_, row) => {
    let best = 0;
    for (let c = 1; c < count; c++)
      if (probabilities[row * count + c]! > probabilities[row * count + best]!) best = c;
    return className(task, best);
  });
}

function linked(task: TaskDescriptor, logits: Float64Array): Float64Array {
  if (task.link === "sigmoid") return logits.map((z) => 1 / (1 + Math.exp(-z)));
  const count = task.output.at(-1) ?? 1;
  const probabilities = new Float64Array(logits.length);
  for (let start = 0; start < logits.length; start += count) {
    const row = logits.subarray(start, start + count);
    const top = greatest(row);
    const terms = row.map((z) => Math.exp(z - top));
    const sum = terms.reduce((a, t) => a + t, 0);
    probabilities.set(
      terms.map((t) => t / sum),
      start,
    );
  }
  return probabilities;
}

/** The prediction of one row out of many. */
export function rowOf(task: TaskDescriptor, prediction: Prediction, row: number): RowPrediction {
  const width = elementCount(task.dims);
  if ("values" in prediction) {
    if (task.dims.length === 0) return prediction.values[row] ?? Number.NaN;
    return Array.from(prediction.values.subarray(row * width, (row + 1) * width));
  }
  if (task.dims.length === 0) return classRow(task, prediction, row);
  return Array.from({ length: width }, (_, i) => classRow(task, prediction, row * width + i));
}

/** One class out of a prediction, with the probabilities of all. */
function classRow(
  task: TaskDescriptor,
  { classes, probabilities }: ClassPrediction,
  index: number,
): ClassRow {
  const count = task.kind === "binary" ? 1 : classCount(task);
  const given = Array.from(probabilities.subarray(index * count, (index + 1) * count));
  const [only = Number.NaN] = given;
  const values = task.kind === "binary" ? [1 - only, only] : given;
  const byName = Object.fromEntries(values.map((p, i) => [className(task, i), p]));
  return { class: classes[index]!, probability: greatest(values), probabilities: byName };
}
