import type { PrimitiveName } from "../../tensor/primitives/index.js";
import { kernelRows } from "./kernels.js";
import type { KernelRow } from "./kernels/row.js";
import { pointwise } from "./pointwise.js";

/**
 * How each primitive is computed: as an instruction of a chain, by a kernel, by a loop, or not at all because its
 * elements are another's. Reductions and transposes are the latter where they can be.
 */
export type Row = "chain" | "view" | "loop" | KernelRow;

const chained = Object.fromEntries(Object.keys(pointwise).map((name) => [name, "chain"])) as Record<
  keyof typeof pointwise,
  "chain"
>;

export const table: Readonly<Record<PrimitiveName, Row>> = {
  ...chained,
  ...kernelRows,
  random: "chain",
  iota: "chain",
  size: "chain",
  constant: "chain",
  detach: "view",
  barrier: "view",
  reshape: "view",
  broadcast: "view",
  slice: "view",
  scan: "loop",
};

/** The kernel of a primitive that has one. */
export function kernelOf(primitive: string): KernelRow {
  const row = table[primitive as PrimitiveName];
  if (typeof row !== "function") throw new Error(`${primitive} has no kernel of its own`);
  return row;
}
