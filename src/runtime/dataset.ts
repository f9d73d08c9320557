import type { PreparedCall } from "./session.js";
import { elementCount } from "./elements.js";

/** One program argument for all rows. */
export interface Column {
  readonly dtype: "float" | "int";
  /** Dimensions of one row. */
  readonly dims: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array;
}

/** Encoded and transformed rows, ready to be cut into batches. */
export interface Dataset {
  readonly rows: number;
  /** By the programs' argument names. */
  readonly arguments: ReadonlyMap<string, Column>;
  /** Labels by their tasks, as metrics see them: raw numbers or class indices, NaN where missing. */
  readonly labels: ReadonlyMap<string, Float64Array>;
  /** The rows' sources, where there are several. */
  readonly sources?: SourceRows | undefined;
}

/** The labels of a task. Throws (a defect of ours) where the rows have none. */
export function labelsOf({ labels }: Dataset, task: string): Float64Array {
  const found = labels.get(task);
  if (!found) throw new Error(`there are no labels of ${task}`);
  return found;
}

/** A program's argument for all rows. Throws (a defect of ours) where there is none of this name. */
export function argumentOf(dataset: Dataset, name: string): Column {
  const found = dataset.arguments.get(name);
  if (!found) throw new Error(`there is no argument ${name}`);
  return found;
}

/** Which of several sources each row is of. */
export interface SourceRows {
  /** The index of each row's source. */
  readonly of: Int32Array;
  /** The rows of each source, in order. */
  readonly rows: readonly Int32Array[];
}

/** A column and where one row begins in it. */
export interface Feed {
  readonly name: string;
  readonly width: number;
  readonly data: Column["data"];
}

export function feedsOf(dataset: Dataset): Feed[] {
  return Array.from(dataset.arguments, ([name, { dims, data }]) => ({
    name,
    width: elementCount(dims),
    data,
  }));
}

/** Copies `count` rows, from `start` of the order on, into a program's arguments. */
export function feed(
  feeds: readonly Feed[],
  order: Int32Array,
  start: number,
  count: number,
  to: PreparedCall["arguments"],
): void {
  for (let f = 0; f < feeds.length; f++) {
    const { name, width, data } = feeds[f]!;
    const target = to[name]!;
    for (let i = 0; i < count; i++) {
      const from = order[start + i]! * width;
      const at = i * width;
      for (let k = 0; k < width; k++) target[at + k] = data[from + k]!;
    }
  }
}
