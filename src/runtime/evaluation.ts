import { feed, feedsOf, labelsOf, type Dataset } from "./dataset.js";
import type { ModelDescriptor, TaskDescriptor } from "./descriptor.js";
import { measure, type MetricValue } from "./measures.js";
import { rowsInOrder } from "./order.js";
import { createPause } from "./pause.js";
import type { Pipelines } from "./pipeline.js";
import { names } from "./programs.js";
import { resultOf, type PreparedCall, type Session } from "./session.js";
import type { ModelTypes, OpenTypes } from "./types.js";
import { elementCount } from "./elements.js";

/** Prediction and evaluation call their program with so many rows at a time. */
const CHUNK = 256;

/**
 * Losses and metrics over a whole part. A loss is the mean over the labels that are there, null where there is none; a metric is null
 * where it has no value, and has one for each column where a row's label has several.
 */
export interface Report<T extends ModelTypes = OpenTypes> {
  /** Σ static weight × task loss: what `validation.loss` monitors. */
  readonly loss: number;
  readonly losses: T["losses"];
  readonly metrics: T["metrics"];
  /** The reasons why metrics have no value. */
  readonly warnings: readonly string[];
}

/** Runs a program over all rows in chunks and hands each chunk's call to `take`. */
export async function overChunks(
  session: Session,
  program: string,
  dataset: Dataset,
  take: (call: PreparedCall, start: number) => void,
): Promise<void> {
  const rows = rowsInOrder(dataset.rows);
  const feeds = feedsOf(dataset);
  const pause = createPause();
  for (let start = 0; start < rows.length; start += CHUNK) {
    await pause();
    const count = Math.min(CHUNK, rows.length - start);
    const call = session.prepare(program, count);
    feed(feeds, rows, start, count, call.arguments);
    await call.run();
    take(call, start);
  }
}

/** What a program gives for a task, of all rows. */
export interface TaskOutput {
  readonly task: TaskDescriptor;
  /** Numbers in a row. */
  readonly width: number;
  readonly output: Float64Array;
}

/** Room for the outputs of these tasks. */
export function outputsOf(tasks: readonly TaskDescriptor[], rows: number): TaskOutput[] {
  return tasks.map((task) => {
    const width = elementCount(task.output);
    return { task, width, output: new Float64Array(rows * width) };
  });
}

/** Copies a task's output for a chunk of rows that begins at `start`. */
export function takeOutput({ task, width, output }: TaskOutput, call: PreparedCall, start: number): void {
  output.set(resultOf(call, names.prediction(task.name)), start * width);
}

export async function evaluateDataset(
  descriptor: ModelDescriptor,
  session: Session,
  pipelines: Pipelines,
  dataset: Dataset,
): Promise<Report> {
  const totals = outputsOf(descriptor.tasks, dataset.rows).map((output) => ({ ...output, sum: 0, count: 0 }));
  await overChunks(session, "evaluate", dataset, (call, start) => {
    for (const total of totals) {
      const { name } = total.task;
      total.sum += resultOf(call, names.sum(name))[0] ?? 0;
      total.count += resultOf(call, names.count(name))[0] ?? 0;
      takeOutput(total, call, start);
    }
  });
  let loss = 0;
  const losses: [string, number | null][] = [];
  const measured: [string, Record<string, MetricValue>][] = [];
  const warnings: string[] = [];
  for (const { task, sum, count, output } of totals) {
    losses.push([task.name, count > 0 ? sum / count : null]);
    if (count > 0) loss += (task.weight * sum) / count;
    const numeric = task.kind === "float" || task.kind === "int";
    const predictions = numeric ? pipelines.invert(task, output) : output;
    const judgement = { predictions, labels: labelsOf(dataset, task.name) };
    measured.push([task.name, measure(task, judgement, warnings)]);
  }
  return { loss, losses: Object.fromEntries(losses), metrics: Object.fromEntries(measured), warnings };
}
