import { feed, feedsOf, type Dataset } from "./dataset.js";
import type { ModelDescriptor, TaskDescriptor } from "./descriptor.js";
import { metrics } from "./metrics/index.js";
import { rowsInOrder } from "./order.js";
import type { OptionValues } from "./parameter.js";
import { createPause } from "./pause.js";
import type { Pipelines } from "./pipeline.js";
import { names } from "./programs.js";
import type { PreparedCall, Session } from "./session.js";
import type { ModelTypes, OpenTypes } from "./types.js";

/** Rows a call; prediction and evaluation work in chunks of it. */
const CHUNK = 256;

/** Losses and metrics over a whole part. A loss is null where no row has a label, a metric where it has no value. */
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
  return task.output.reduce((a, d) => a * d, 1);
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
  const measured: Record<string, Record<string, number | null>> = {};
  const warnings: string[] = [];
  for (const task of descriptor.tasks) {
    const { sum, count } = sums.get(task.name)!;
    losses[task.name] = count > 0 ? sum / count : null;
    if (count > 0) loss += (task.weight * sum) / count;
    measured[task.name] = taskMetrics(
      task,
      pipelines,
      outputs.get(task.name)!,
      dataset.labels[task.name]!,
      warnings,
    );
  }
  return { loss, losses, metrics: measured, warnings };
}

function taskMetrics(
  task: TaskDescriptor,
  pipelines: Pipelines,
  outputs: Float64Array,
  labels: Float64Array,
  warnings: string[],
): Record<string, number | null> {
  const values: Record<string, number | null> = {};
  const predictions =
    task.kind === "float" || task.kind === "int" ? pipelines.invert(task, outputs) : outputs;
  const rows =
    task.kind === "category" || task.dims.length === 0 ? labels.length : labels.length / outputWidth(task);
  const width = rows === 0 ? 1 : labels.length / rows;
  const present = Float64Array.from({ length: rows }, (_, r) =>
    labels.subarray(r * width, (r + 1) * width).some((x) => Number.isNaN(x)) ? 0 : 1,
  );
  for (const { name, options } of task.metrics) {
    const metric = metrics.find((m) => m.name === name);
    if (!metric) throw new Error(`there is no metric ${name}`);
    const input = { predictions, labels, present, classes: task.kind === "category" ? task.classes! : 2 };
    const { value, reason } = metric.compute(input, options as OptionValues);
    values[name] = value;
    if (value === null) warnings.push(`${task.name}: ${name} has no value, because ${reason}.`);
  }
  return values;
}
