import { greatest } from "../runtime/extremes.js";
import { writeFileAtomic } from "../data/atomic.js";
import type { ClassPrediction, Prediction, TaskDescriptor } from "../runtime/index.js";
import { rowOf } from "../runtime/predictions.js";
import { outFile } from "./out.js";
import { print, printData } from "./output.js";
import { refuse } from "./spec.js";
import { systemReason } from "./system.js";

/** Predictions of rows of one source, by task. */
export interface Predicted {
  /** Where the spec has several. */
  readonly source: string | undefined;
  readonly rows: number;
  readonly predictions: Readonly<Record<string, Prediction>>;
}

export interface OutputOptions {
  readonly format: "csv" | "jsonl";
  /** A file; the terminal by default. */
  readonly out?: string;
}

/** Writes predictions where the options say. */
export function writePredicted(
  tasks: readonly TaskDescriptor[],
  predicted: readonly Predicted[],
  { format, out }: OutputOptions,
): void {
  const text = (format === "csv" ? csv : jsonLines)(tasks, predicted);
  const path = out === undefined ? undefined : outFile(out, `predictions.${format}`);
  if (path === undefined) return printData(text);
  try {
    writeFileAtomic(path, text);
  } catch (error) {
    refuse("NN6006", path, { path, reason: systemReason(error) });
  }
  const rows = predicted.reduce((sum, part) => sum + part.rows, 0);
  print(`${rows} rows predicted: ${path}`);
}

/** A prediction among the first classes alone, by their names: other outputs stand for no class. */
export function amongClasses(prediction: Prediction, classes: readonly string[]): ClassPrediction {
  if ("values" in prediction) throw new Error("a prediction without classes");
  const { probabilities, shape } = prediction;
  const rows = shape[0]!;
  const width = probabilities.length / Math.max(1, rows);
  const count = classes.length;
  const shares = new Float32Array(rows * count);
  const likeliest = Array.from({ length: rows }, (_, row) => {
    const own = probabilities.subarray(row * width, row * width + count);
    const sum = own.reduce((a, p) => a + p, 0);
    shares.set(
      own.map((p) => (sum > 0 ? p / sum : 1 / count)),
      row * count,
    );
    return classes[own.indexOf(greatest(own))] ?? classes[0]!;
  });
  return { classes: likeliest, shape: [rows, count], probabilities: shares };
}

interface Cells {
  readonly header: readonly string[];
  /** How many digits its numbers have in a text. */
  readonly digits: number;
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
    // What was undone in float64 has its digits; what comes from the engine has a float32's.
    const digits = task.transforms.length > 0 ? 15 : 7;
    return {
      header,
      digits,
      row: (i) => Array.from(prediction.values.subarray(i * width, (i + 1) * width)),
    };
  }
  const { classes, probabilities } = prediction;
  const width = probabilities.length / Math.max(1, prediction.shape[0]!);
  const labels = classes.length / Math.max(1, prediction.shape[0]!);
  const isBinary = task.kind === "binary";
  const names = Array.from({ length: isBinary ? 2 : width }, (_, i) => String(task.names?.[i] ?? i));
  const single = labels === 1;
  const shares = (i: number): readonly number[] => {
    const given = Array.from(probabilities.subarray(i * width, (i + 1) * width));
    return isBinary ? [1 - given[0]!, ...given] : given;
  };
  return {
    digits: 7,
    header: [
      ...Array.from({ length: labels }, (_, i) => (single ? task.name : `${task.name}_${i + 1}`)),
      ...(single ? names.map((name) => `${task.name}_${name}`) : []),
    ],
    row: (i) => [...classes.slice(i * labels, (i + 1) * labels), ...(single ? shares(i) : [])],
  };
}

/** All rows under one header; a task that a source's rows have no inputs for has empty cells there. */
function csv(all: readonly TaskDescriptor[], predicted: readonly Predicted[]): string {
  const line = (cells: readonly (string | number)[]) => cells.map(quote).join(",");
  const headers = all.map((task) => {
    const found = predicted.find(({ predictions }) => Object.hasOwn(predictions, task.name));
    return found ? taskCells(task, found.predictions[task.name]!).header : [];
  });
  const named = predicted.some(({ source }) => source !== undefined);
  const lines = [line([...(named ? ["source"] : []), ...headers.flat()])];
  for (const { source, predictions, rows } of predicted) {
    const cells = all.map((task, t): ((index: number) => readonly (string | number)[]) => {
      if (!Object.hasOwn(predictions, task.name)) return () => headers[t]!.map(() => "");
      const { row, digits } = taskCells(task, predictions[task.name]!);
      return (index) =>
        row(index).map((cell) =>
          typeof cell === "number" ? String(Number(cell.toPrecision(digits))) : cell,
        );
    });
    for (let i = 0; i < rows; i++)
      lines.push(line([...(source === undefined ? [] : [source]), ...cells.flatMap((row) => row(i))]));
  }
  return `${lines.join("\n")}\n`;
}

function quote(cell: string | number): string {
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A row as `predictOne` gives it. */
function jsonLines(all: readonly TaskDescriptor[], predicted: readonly Predicted[]): string {
  return predicted
    .flatMap(({ source, predictions, rows }) => {
      const tasks = all.filter((task) => Object.hasOwn(predictions, task.name));
      return Array.from({ length: rows }, (_, i) =>
        JSON.stringify({
          ...(source === undefined ? {} : { source }),
          ...Object.fromEntries(tasks.map((task) => [task.name, rowOf(task, predictions[task.name]!, i)])),
        }),
      );
    })
    .map((line) => `${line}\n`)
    .join("");
}
