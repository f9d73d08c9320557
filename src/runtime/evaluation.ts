import { feed, feedsOf, type Dataset } from "./dataset.js";
import type { ModelDescriptor, TaskDescriptor } from "./descriptor.js";
import { measure, type MetricValue } from "./measures.js";
import { rowsInOrder } from "./order.js";
import { createPause } from "./pause.js";
import type { Pipelines } from "./pipeline.js";
import { names } from "./programs.js";
import type { PreparedCall, Session } from "./session.js";
import type { ModelTypes, OpenTypes } from "./types.js";
import { elementCount } from "./elements.js";

/** Rows a call; prediction and evaluation work in chunks of it. */
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
  /** Why a metric has no value. */
  readonly warnings: readonly string[];
}

/** Runs a program over all rows in chunks and hands each chunk's results to `take`. */
export async function overChunks(
  session: Session,
  program: string,
  dataset: Dataset,
  take: (results: PreparedCall["results"], start: number) => void,
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
    take(call.results, start);
  }
}

export function outputWidth(task: TaskDescriptor): number {
  return elementCount(task.output);
}

export async function evaluateDataset(
  descriptor: ModelDescriptor,
  session: Session,
  pipelines: Pipelines,
  dataset: Dataset,
): Promise<Report> {
  const sums = new Map(descriptor.tasks.map((t) => [t.name, { sum: 0, count: 0 }]));
  const outputs = new Map(
    descriptor.tasks.map((t) => [t.name, new Float64Array(dataset.rows * outputWidth(t))]),
  );
  await overChunks(session, "evaluate", dataset, (results, start) => {
    for (const task of descriptor.tasks) {
      const total = sums.get(task.name)!;
      total.sum += results[names.sum(task.name)]![0]!;
      total.count += results[names.count(task.name)]![0]!;
      outputs.get(task.name)!.set(results[names.prediction(task.name)]!, start * outputWidth(task));
    }
  });
  let loss = 0;
  const losses: Record<string, number | null> = {};
  const measured: Record<string, Record<string, MetricValue>> = {};
  const warnings: string[] = [];
  for (const task of descriptor.tasks) {
    const { sum, count } = sums.get(task.name)!;
    losses[task.name] = count > 0 ? sum / count : null;
    if (count > 0) loss += (task.weight * sum) / count;
    const output = outputs.get(task.name)!;
    const numeric = task.kind === "float" || task.kind === "int";
    const predictions = numeric ? pipelines.invert(task, output) : output;
    measured[task.name] = measure(task, { predictions, labels: dataset.labels[task.name]! }, warnings);
  }
  return { loss, losses, metrics: measured, warnings };
}
