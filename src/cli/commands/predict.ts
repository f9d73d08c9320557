import { takeRows } from "../../data/bind.js";
import { writeFileAtomic } from "../../data/atomic.js";
import type { ModelDescriptor, Prediction, TaskDescriptor } from "../../runtime/index.js";
import { bindSpec } from "../data.js";
import { checkpointPath, loadCheckpoint, orRefuse, startSpec, type EngineOptions } from "../model.js";
import { print, printJson, report } from "../output.js";
import { loadSpec, refuse, systemReason } from "../spec.js";

export interface PredictOptions extends EngineOptions {
  readonly checkpoint?: string;
  /** One raw row as JSON. */
  readonly row?: string;
  /** A data file; the spec's by default. */
  readonly data?: string;
  readonly format: "csv" | "jsonl";
  readonly out?: string;
}

/** Predicts one raw row, or every row of a data file, in original units and class names. */
export async function predict(path: string, options: PredictOptions): Promise<void> {
  const spec = loadSpec(path);
  const { bound, diagnostics } =
    options.row === undefined
      ? bindSpec(spec, "predict", options.data, "inputs")
      : { bound: undefined, diagnostics: [] };
  report(diagnostics);
  const model = await startSpec(spec, "predict", options, bound?.columns);
  await loadCheckpoint(model, checkpointPath(spec, options.checkpoint));
  if (options.row !== undefined) {
    const row = readRow(path, options.row);
    printJson(await orRefuse(path, () => model.predictOne(row)));
  } else {
    const { inputs } = takeRows(
      bound!,
      Int32Array.from({ length: bound!.rows }, (_, i) => i),
    );
    const predictions = (await orRefuse(path, () => model.predict(inputs))) as Record<string, Prediction>;
    const text = (options.format === "csv" ? csv : jsonLines)(model.descriptor, predictions, bound!.rows);
    if (options.out === undefined) process.stdout.write(text);
    else {
      try {
        writeFileAtomic(options.out, text);
      } catch (error) {
        refuse("NN6006", options.out, { path: options.out, reason: systemReason(error) });
      }
      print(`${bound!.rows} rows predicted: ${options.out}`);
    }
  }
  model.dispose();
}

function readRow(path: string, text: string): Record<string, unknown> {
  let row: Record<string, unknown> | null;
  try {
    row = JSON.parse(text) as Record<string, unknown> | null;
  } catch (error) {
    refuse("NN6007", path, { reason: `--row is no JSON: ${(error as Error).message}.` });
  }
  if (typeof row === "object" && row !== null && !Array.isArray(row)) return row;
  refuse("NN6007", path, { reason: '--row is a JSON object, such as {"measures": [39.1, 18.7, 181]}.' });
}

interface Cells {
  readonly header: readonly string[];
  readonly row: (index: number) => readonly (string | number)[];
}

/** A task's columns: values, or the class with a probability for each. */
function taskCells(task: TaskDescriptor, prediction: Prediction): Cells {
  if ("values" in prediction) {
    const width = Math.max(
      1,
      task.dims.reduce((a, d) => a * d, 1),
    );
    const header =
      width === 1 ? [task.name] : Array.from({ length: width }, (_, i) => `${task.name}_${i + 1}`);
    return { header, row: (i) => Array.from(prediction.values.subarray(i * width, (i + 1) * width)) };
  }
  const { classes, probabilities } = prediction;
  const width = probabilities.length / Math.max(1, prediction.shape[0]!);
  const labels = classes.length / Math.max(1, prediction.shape[0]!);
  const names =
    task.kind === "binary"
      ? [String(task.names?.[1] ?? 1)]
      : Array.from({ length: width }, (_, i) => String(task.names?.[i] ?? i));
  const single = labels === 1;
  return {
    header: [
      ...Array.from({ length: labels }, (_, i) => (single ? task.name : `${task.name}_${i + 1}`)),
      ...(single ? names.map((name) => `${task.name}_${name}`) : []),
    ],
    row: (i) => [
      ...classes.slice(i * labels, (i + 1) * labels),
      ...(single ? probabilities.subarray(i * width, (i + 1) * width) : []),
    ],
  };
}

function csv(
  descriptor: ModelDescriptor,
  predictions: Readonly<Record<string, Prediction>>,
  rows: number,
): string {
  const cells = descriptor.tasks.map((task) => taskCells(task, predictions[task.name]!));
  const lines = [
    cells
      .flatMap((c) => c.header)
      .map(quote)
      .join(","),
  ];
  for (let i = 0; i < rows; i++)
    lines.push(
      cells
        .flatMap((c) => c.row(i))
        .map(quote)
        .join(","),
    );
  return `${lines.join("\n")}\n`;
}

function quote(cell: string | number): string {
  const text = typeof cell === "number" ? String(Number(cell.toPrecision(7))) : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function jsonLines(
  descriptor: ModelDescriptor,
  predictions: Readonly<Record<string, Prediction>>,
  rows: number,
): string {
  const lines = Array.from({ length: rows }, (_, i) =>
    JSON.stringify(
      Object.fromEntries(
        descriptor.tasks.map((task) => [task.name, rowJson(task, predictions[task.name]!, i)]),
      ),
    ),
  );
  return lines.map((line) => `${line}\n`).join("");
}

function rowJson(task: TaskDescriptor, prediction: Prediction, index: number): unknown {
  const { header, row } = taskCells(task, prediction);
  const cells = row(index);
  if ("values" in prediction) return cells.length === 1 ? cells[0] : cells;
  if (header.length === 1 || header[0] !== task.name) return cells;
  const names = header.slice(1).map((name) => name.slice(task.name.length + 1));
  return { class: cells[0], probabilities: Object.fromEntries(names.map((name, i) => [name, cells[i + 1]])) };
}
