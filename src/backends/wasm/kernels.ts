import { lineRows } from "./kernels/lines.js";
import { linearRows } from "./kernels/linear.js";
import { poolRows } from "./kernels/pool.js";
import type { KernelRow } from "./kernels/row.js";
import { shapeRows } from "./kernels/shape.js";

const rows = { ...linearRows, ...poolRows, ...shapeRows, ...lineRows };

export type KernelName = keyof typeof rows;

/** The kernel of every primitive that is no instruction of a chain and no view. */
export const kernelRows: { readonly [K in KernelName]: KernelRow<K> } = rows;

/** What a kernel can do to its result while it writes it. */
export interface Writing {
  /** Adds a vector of the columns, and takes max(x, 0). */
  readonly bias: boolean;
  /** Adds to what is there. */
  readonly accumulate: boolean;
}

/** The kernels that can do more than write, by primitive. */
export const writing: ReadonlyMap<string, Writing> = new Map([
  ["matmul", { bias: true, accumulate: true }],
  ["conv2d", { bias: true, accumulate: false }],
]);
