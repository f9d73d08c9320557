import type { PrimitiveName } from "../../tensor/primitives/index.js";
import type { Operation } from "../../tensor/program.js";
import { signatureOf } from "../../tensor/site.js";
import { kernelRows, type KernelName } from "./kernels.js";
import type { KernelContext, KernelRow } from "./kernels/row.js";
import { pointwise, type Instruction } from "./pointwise.js";

/**
 * How each primitive is computed: as an instruction of a chain (one that is elementwise by the instruction itself), by a
 * kernel, by a loop, or not at all since it is a view: its elements are another value's. Reductions and transposes are views
 * where they can be.
 */
type Row<K extends PrimitiveName> = "chain" | "view" | "loop" | Instruction | KernelRow<K>;

export const table: { readonly [K in PrimitiveName]: Row<K> } = {
  ...pointwise,
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

/** Adds the calls of an operation whose primitive has a kernel. */
export function callKernel(op: Operation, context: KernelContext): void {
  if (!hasKernel(op.primitive)) throw new Error(`${op.primitive} has no kernel of its own`);
  callNamed(op.primitive, op, context);
}

function callNamed<K extends KernelName>(name: K, { attributes }: Operation, context: KernelContext): void {
  kernelRows[name](context, signatureOf(name).attributes(attributes));
}

function hasKernel(name: string): name is KernelName {
  return Object.hasOwn(kernelRows, name);
}
