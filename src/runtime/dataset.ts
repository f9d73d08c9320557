import type { HostTensor } from "./tensor.js";

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
  readonly arguments: Readonly<Record<string, Column>>;
  /** Labels as metrics see them: raw numbers or class indices, NaN where missing. */
  readonly labels: Readonly<Record<string, Float64Array>>;
}

/** The arguments for these rows. */
export function batchOf(dataset: Dataset, rows: Int32Array): Record<string, HostTensor> {
  const batch: Record<string, HostTensor> = {};
  for (const [name, column] of Object.entries(dataset.arguments)) {
    const width = column.dims.reduce((a, d) => a * d, 1);
    const Data = column.data.constructor as new (length: number) => Column["data"];
    const data = new Data(rows.length * width);
    rows.forEach((row, i) => data.set(column.data.subarray(row * width, (row + 1) * width), i * width));
    batch[name] = { dtype: column.dtype, shape: [rows.length, ...column.dims], data };
  }
  return batch;
}
