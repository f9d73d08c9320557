import type { Extent } from "../../runtime/wasm/plan.js";
import { extentOf, product, sameExtent } from "./extent.js";
import type { Node, Operand } from "./node.js";
import { isDenseAccess, type Access, type Axis } from "./views.js";
import type { Shape } from "../../tensor/dimension.js";
import { EXPAND } from "../../runtime/wasm/opcodes.js";

/** Rows longer than this are not held in a tile. */
export const LONGEST_ROW = 2048;

/** Operations that run as one chain: they share a space of elements, and perhaps its division into rows. */
export class Group {
  readonly nodes: Node[] = [];
  readonly byValue = new Map<number, Node>();
  /** Values that are read outside of the group. */
  readonly outputs = new Set<number>();
  /** Elements of a row, once an operation needs rows. */
  row: number | undefined;
  /** Nothing outside has read a result yet, so the group may still grow. */
  open = true;
  private readonly expanded = new Map<Node, Node>();

  constructor(
    readonly size: Extent,
    /** The index of its last operation: the whole group runs there. */
    public position: number,
  ) {}

  add(node: Node): Node {
    this.nodes.push(node);
    if (node.value !== undefined) this.byValue.set(node.value, node);
    return node;
  }

  /** Takes another open group's operations; both have one size, and rows that agree. */
  absorb(other: Group): void {
    for (const node of other.nodes) this.nodes.push(node);
    for (const [value, node] of other.byValue) if (!this.byValue.has(value)) this.byValue.set(value, node);
    for (const [from, to] of other.expanded) this.expanded.set(from, to);
    this.row ??= other.row;
    this.position = Math.max(this.position, other.position);
    other.open = false;
    other.nodes.length = 0;
  }

  canAbsorb(other: Group): boolean {
    const rows = this.row === undefined || other.row === undefined || this.row === other.row;
    return rows && sameExtent(this.size, other.size);
  }

  /** Whether a tensor of `size` elements has one for each of the group's rows. */
  rowsFit(size: Extent): boolean {
    return this.row !== undefined && sameExtent(this.size, product([size, this.row]));
  }

  /** Reads a value of this group under an access, for an instruction of `length`; undefined where that cannot be. */
  operandOf(node: Node, access: Access, length: "full" | "row"): Operand | undefined {
    if (node.length === length) return isWhole(access) ? { kind: "node", node } : undefined;
    if (node.length !== "row" || length !== "full") return undefined;
    return isByRow(access.axes, this.row) ? { kind: "node", node: this.expandedOf(node) } : undefined;
  }

  private expandedOf(node: Node): Node {
    const known = this.expanded.get(node);
    if (known) return known;
    const { text, origin } = node;
    const operands: Operand[] = [{ kind: "node", node }];
    const made = this.add({
      opcode: EXPAND,
      length: "full",
      operands,
      immediates: [],
      value: undefined,
      text,
      origin,
    });
    this.expanded.set(node, made);
    return made;
  }
}

function isWhole(access: Access): boolean {
  return isDenseAccess(access) && sameExtent(access.offset, 0);
}

/** Whether there is one element for each row, the same along it. */
export function isByRow(axes: readonly Axis[], row: number | undefined): boolean {
  if (row === undefined) return false;
  const [first, second, more] = axes;
  if (more !== undefined || first === undefined) return false;
  // In a single row one element is repeated along all of it.
  if (second === undefined) return sameExtent(first.stride, 0) && sameExtent(first.size, row);
  return sameExtent(first.stride, 1) && sameExtent(second.stride, 0) && sameExtent(second.size, row);
}

/** The length of a row if the same vector is read in each; undefined otherwise. */
export function isByColumn(axes: readonly Axis[]): number | undefined {
  const [first, second, more] = axes;
  if (more !== undefined || second === undefined || first === undefined) return undefined;
  const fits = sameExtent(first.stride, 0) && sameExtent(second.stride, 1);
  return fits && typeof second.size === "number" && second.size <= LONGEST_ROW ? second.size : undefined;
}

/** How reduced axes lie in a shape: the last ones, the first ones, all, or otherwise. */
export type Reduction =
  | { readonly kind: "rows"; readonly row: number }
  | { readonly kind: "columns"; readonly row: number }
  | { readonly kind: "all" }
  | { readonly kind: "other" };

export function reductionOf(shape: Shape, axes: readonly number[]): Reduction {
  const wide = shape.map((d, i) => ({ size: extentOf(d), reduced: axes.includes(i) }));
  const kept = wide.filter((a) => !sameExtent(a.size, 1));
  if (kept.every((a) => a.reduced)) return { kind: "all" };
  const firstReduced = kept.findIndex((a) => a.reduced);
  const lastReduced = kept.findLastIndex((a) => a.reduced);
  const run = kept.slice(firstReduced, lastReduced + 1).every((a) => a.reduced);
  if (!run) return { kind: "other" };
  const after = firstReduced === 0 ? kept.slice(lastReduced + 1) : kept.slice(firstReduced);
  if (firstReduced !== 0 && lastReduced !== kept.length - 1) return { kind: "other" };
  const row = product(after.map((a) => a.size));
  if (typeof row !== "number" || row > LONGEST_ROW || row < 1) return { kind: "other" };
  return firstReduced === 0 ? { kind: "columns", row } : { kind: "rows", row };
}
