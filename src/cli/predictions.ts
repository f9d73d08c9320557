import { greatest } from "../runtime/extremes.js";
import { writeFileAtomic } from "../data/atomic.js";
import type { ClassPrediction, Prediction, TaskDescriptor } from "../runtime/index.js";
import { elementCount } from "../runtime/elements.js";
import { outFile } from "./out.js";
import { print, printData, refuseUse } from "./output.js";
import { refuse } from "./spec.js";
import { systemReason } from "./system.js";

/** What a cell of the output holds; null where a row has nothing there. */
export type Cell = string | number | null;

/** Predictions of rows of one source, with what they can be joined by. */
export interface Predicted {
  /** Where the spec has several. */
  readonly source: string | undefined;
  readonly rows: number;
  readonly predictions: Readonly<Record<string, Prediction>>;
  /** Which row of its file each is, from 1. */
  readonly numbers: ArrayLike<number>;
  /** The cells of the columns that were asked for, row by row. */
  readonly ids: readonly (readonly string[])[];
  /** The labels of a row by task, where they were asked for and are there. */
  readonly truth: ReadonlyMap<string, (row: number) => readonly Cell[]>;
}

export interface OutputOptions {
  readonly format: "csv" | "jsonl";
  /** A file; the terminal by default. */
  readonly out?: string;
  /** Columns of the data file that are written beside the predictions. */
  readonly id?: readonly string[];
  /** Whether labels are written beside the predictions. */
  readonly truth?: boolean;
}

/** Writes predictions where the options say, but over no file that the command `reads`. */
export function writePredicted(
  tasks: readonly TaskDescriptor[],
  predicted: readonly Predicted[],
  { format, out, id = [] }: OutputOptions,
  reads: readonly string[],
): void {
  const fields = fieldsOf(tasks, predicted, id);
  const text = (format === "csv" ? csv : jsonLines)(fields, predicted);
  const path = out === undefined ? undefined : outFile(out, `predictions.${format}`, reads);
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

/** A column of the output, and what rows of a source have in it. */
interface Field {
  readonly name: string;
  readonly of: (part: Predicted) => (row: number) => Cell;
}

/** The columns of the output, which CSV and JSON lines share. */
function fieldsOf(
  tasks: readonly TaskDescriptor[],
  predicted: readonly Predicted[],
  id: readonly string[],
): Field[] {
  const named = predicted.some(({ source }) => source !== undefined);
  const own: Field[] = [
    { name: "row", of: (part) => (row) => part.numbers[row]! },
    ...(named ? [{ name: "source", of: (part: Predicted) => () => part.source ?? null }] : []),
    ...id.map((name, i) => ({ name, of: (part: Predicted) => (row: number) => part.ids[i]?.[row] || null })),
  ];
  const ofTasks = tasks.flatMap((task) => [
    ...predictionFields(task, predicted),
    ...(predicted.some(({ truth }) => truth.has(task.name)) ? truthFields(task) : []),
  ]);
  const clash = ofTasks.find((field) => id.includes(field.name));
  if (clash)
    refuseUse(
      `--id ${clash.name}: the predictions have a column of that name; \`--truth\` writes the labels.`,
    );
  return distinct([...own, ...ofTasks]);
}

/** A name that was taken before gets a number. */
function distinct(fields: readonly Field[]): Field[] {
  const taken = new Set<string>();
  return fields.map(({ name, of }) => {
    let free = name;
    for (let i = 2; taken.has(free); i++) free = `${name}_${i}`;
    taken.add(free);
    return { name: free, of };
  });
}

/** A task's columns: values, or the class with a probability for each. */
function predictionFields(task: TaskDescriptor, predicted: readonly Predicted[]): Field[] {
  const found = predicted.find(({ predictions }) => Object.hasOwn(predictions, task.name));
  const [sample] = found ? [found.predictions[task.name]!] : [];
  if (sample === undefined) return [];
  const names = "values" in sample ? valueNames(task) : classNames(task, sample);
  const cells = "values" in sample ? valueCell : classCell;
  return names.map((name, c) => ({
    name,
    of: ({ predictions, rows }) =>
      Object.hasOwn(predictions, task.name)
        ? cells({ task, prediction: predictions[task.name]!, rows }, c)
        : () => null,
  }));
}

interface Given {
  readonly task: TaskDescriptor;
  readonly prediction: Prediction;
  readonly rows: number;
}

/** Several values have the names of their columns, where these have some. */
function valueNames(task: TaskDescriptor): string[] {
  const { name, dims, columns } = task;
  const width = elementCount(dims);
  if (width === 1) return [name];
  return columns.length === width
    ? [...columns]
    : Array.from({ length: width }, (_, i) => `${name}_${i + 1}`);
}

function valueCell({ task, prediction, rows }: Given, column: number): (row: number) => Cell {
  if (!("values" in prediction)) throw new Error("a class in the place of a value");
  const { values } = prediction;
  const width = values.length / Math.max(1, rows);
  // What was undone in float64 has its digits; what comes from the engine has a float32's.
  const digits = task.transforms.length > 0 ? 15 : 7;
  return (row) => rounded(values[row * width + column]!, digits);
}

/** Of one label the class and the probability of each; of several the classes. */
function classNames(task: TaskDescriptor, { shape }: Prediction): string[] {
  const { name } = task;
  if (elementCount(task.dims) > 1) return valueNames(task);
  const count = task.kind === "binary" ? 2 : (shape.at(-1) ?? 0);
  return [name, ...Array.from({ length: count }, (_, i) => `${name}_${task.names?.[i] ?? i}`)];
}

function classCell({ task, prediction, rows }: Given, column: number): (row: number) => Cell {
  if ("values" in prediction) throw new Error("a value in the place of a class");
  const { classes, probabilities } = prediction;
  const labels = classes.length / Math.max(1, rows);
  if (column < labels) return (row) => classes[row * labels + column]!;
  const width = probabilities.length / Math.max(1, rows);
  // Of a binary task there is the probability of 1.
  if (task.kind === "binary")
    return (row) => rounded(column === 1 ? 1 - probabilities[row]! : probabilities[row]!, 7);
  return (row) => rounded(probabilities[row * width + column - 1]!, 7);
}

function truthFields(task: TaskDescriptor): Field[] {
  return valueNames(task).map((name, c) => ({
    name: `${name}_label`,
    of: ({ truth }) => {
      const cells = truth.get(task.name);
      return (row) => cells?.(row)[c] ?? null;
    },
  }));
}

function rounded(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}

function csv(fields: readonly Field[], predicted: readonly Predicted[]): string {
  const lines = [fields.map(({ name }) => quote(name)).join(",")];
  for (const part of predicted) {
    const cells = fields.map(({ of }) => of(part));
    for (let row = 0; row < part.rows; row++)
      lines.push(cells.map((cell) => quote(String(cell(row) ?? ""))).join(","));
  }
  return `${lines.join("\n")}\n`;
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function jsonLines(fields: readonly Field[], predicted: readonly Predicted[]): string {
  const lines: string[] = [];
  for (const part of predicted) {
    const cells = fields.map(({ name, of }) => [name, of(part)] as const);
    for (let row = 0; row < part.rows; row++)
      lines.push(`${JSON.stringify(Object.fromEntries(cells.map(([name, cell]) => [name, cell(row)])))}\n`);
  }
  return lines.join("");
}
