import { COPY } from "../../runtime/wasm/opcodes.js";
import type { Shape } from "../../tensor/dimension.js";
import { resultOf } from "../../tensor/lookup.js";
import { castSignature, constantSignature, sizeSignature } from "../../tensor/ops.js";
import { primitiveNamed } from "../../tensor/primitives/index.js";
import type { Operation, Program, Value } from "../../tensor/program.js";
import { extentOf, sameExtent, sizeExtent } from "./extent.js";
import { Group } from "./group.js";
import { immediatesOf, opcodeOf } from "./instructions.js";
import type { Length, Node, Operand } from "./node.js";
import { accessIn, isDenseAccess, isSplatAccess, type View, type Views } from "./views.js";

/** How deep operations are nested that are computed again where they are read, since that costs less than storing them. */
const INLINE_DEPTH = 4;

/** An operation on its way into a group. */
export interface Attempt {
  readonly group: Group;
  readonly length: "full" | "row";
  /** What the operation needs from memory. */
  readonly sources: number[];
}

/** Where values with storage of their own are: in memory, or computed by a group. */
export type Computed = ReadonlyMap<number, Group | "memory">;

/** How an operation that joins a group reads what it needs: from the group, from memory, or by computing it again. */
export class Operands {
  constructor(
    private readonly program: Program,
    private readonly views: Views,
    private readonly computed: Computed,
  ) {}

  /** Whether an operation is computed wherever it is read: masks, counters, sizes, and masks as numbers. */
  isInline(op: Operation): boolean {
    if (primitiveNamed(op.primitive).repeated) return true;
    const cast = castSignature.of(op);
    const from = cast && this.views.producer(cast.inputs[0].id);
    return (
      from !== undefined && from.primitive !== "size" && primitiveNamed(from.primitive).repeated === true
    );
  }

  isScalar(id: number): boolean {
    return sameExtent(sizeExtent(this.views.shapeOf(id)), 1);
  }

  /** The values with storage that an operation reads, itself or through what is repeated for it. */
  leaves(op: Operation, depth = 0): number[] {
    return op.inputs.flatMap((v) => {
      const { source } = this.views.of(v);
      const producer = this.views.producer(source);
      const inline = producer !== undefined && !this.computed.has(source) && this.isInline(producer);
      return inline && depth < INLINE_DEPTH ? this.leaves(producer, depth + 1) : [source];
    });
  }

  of(attempt: Attempt, op: Operation, depth = 0): Operand[] | undefined {
    const shape = this.views.shapeOf(resultOf(op).id);
    const operands = op.inputs.map((v) => this.value(attempt, v, shape, depth));
    return operands.every((o) => o !== undefined) ? operands : undefined;
  }

  /** A value as an operand of something of `shape`; undefined where the group cannot read it so. */
  value(attempt: Attempt, v: Value, shape: Shape, depth = 0): Operand | undefined {
    return this.view(attempt, this.views.of(v), shape, depth);
  }

  view(attempt: Attempt, view: View, shape: Shape, depth = 0): Operand | undefined {
    const { source } = view;
    const { group, length } = attempt;
    const producer = this.views.producer(source);
    const known = producer && !this.computed.has(source) ? this.knownScalar(producer) : undefined;
    if (known) return known;
    const read = accessIn(view, shape);
    const node = group.byValue.get(source);
    if (node)
      return node.length === "full" || node.length === "row"
        ? group.operandOf(node, read, length)
        : undefined;
    const inline = producer !== undefined && !this.computed.has(source) && this.isInline(producer);
    if (producer && (inline || this.isCheap(producer))) {
      const whole = isDenseAccess(read) && sameExtent(read.offset, 0);
      if (whole && depth < INLINE_DEPTH && this.fits(attempt, source)) {
        const cloned = this.cloned(attempt, producer, depth + 1);
        return cloned && { kind: "node", node: cloned };
      }
      // Otherwise it is computed before this group, so it must not need what the group computes.
      if (inline && this.leaves(producer).some((id) => group.byValue.has(id))) return undefined;
    }
    if (length === "row" && !isDenseAccess(read) && !isSplatAccess(read)) return undefined;
    attempt.sources.push(source);
    return { kind: "memory", source, access: read };
  }

  /** An inline operation's own copy in this group. */
  cloned(attempt: Attempt, op: Operation, depth = 0): Node | undefined {
    const { id } = resultOf(op);
    const scalar = op.primitive === "size" ? this.knownScalar(op) : undefined;
    if (scalar) return this.add(attempt, op, { opcode: COPY, operands: [scalar], value: id });
    const operands = this.of(attempt, op, depth);
    return operands && this.add(attempt, op, { opcode: opcodeOf(this.program, op), operands, value: id });
  }

  /** Adds an operation's instruction to the group, with the attempt's length unless `node` has one. */
  add({ group, length }: Attempt, op: Operation, node: NewNode): Node {
    const immediates = immediatesOf(op, this.views.shapeOf(node.value));
    return group.add({ length, immediates, text: op.primitive, origin: op.origin, ...node });
  }

  private fits({ group, length }: Attempt, source: number): boolean {
    const own = sizeExtent(this.views.shapeOf(source));
    return length === "full" ? sameExtent(own, group.size) : group.rowsFit(own);
  }

  /** Whether a value that is not in memory can be had from one that is, with one operation and constants. */
  private isCheap(op: Operation): boolean {
    const { id } = resultOf(op);
    if (!primitiveNamed(op.primitive).cheap || !this.isUnkept(id)) return false;
    let kept = 0;
    for (const v of op.inputs) {
      const { source } = this.views.of(v);
      const producer = this.views.producer(source);
      if (producer && !this.computed.has(source) && this.knownScalar(producer)) continue;
      if (!this.computed.has(source) || this.isUnkept(source)) return false;
      kept++;
    }
    return kept === 1;
  }

  /** Whether a group computes a value that nobody outside of it reads so far. */
  private isUnkept(id: number): boolean {
    const where = this.computed.get(id);
    return where instanceof Group && !where.outputs.has(id);
  }

  private knownScalar(op: Operation): Operand | undefined {
    const size = sizeSignature.of(op);
    if (size) return { kind: "size", extent: extentOf(size.attributes.dimension) };
    if (op.primitive !== "constant" || !this.isScalar(resultOf(op).id)) return undefined;
    const { data, dtype } = constantSignature.read(op).attributes;
    const [value] = data;
    if (value === undefined) return undefined;
    if (dtype === "float") return { kind: "float", value };
    return { kind: "int", value: dtype === "bool" ? (value === 0 ? 0 : -1) : value };
  }
}

interface NewNode {
  readonly opcode: number;
  readonly operands: readonly Operand[];
  readonly value: number;
  readonly length?: Length;
}
