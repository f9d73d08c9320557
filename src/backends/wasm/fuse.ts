import {
  COLUMN_SUM,
  COLUMN_SUM_INT,
  COPY,
  COUNT,
  RANDOM,
  ROW_MAX,
  ROW_MAX_INT,
  ROW_SUM,
  ROW_SUM_INT,
  TOTAL_SUM,
  TOTAL_SUM_INT,
} from "../../runtime/wasm/opcodes.js";
import type { Extent } from "../../runtime/wasm/plan.js";
import { dimensionAt, integerAt, numberAt, numbersAt } from "../../tensor/attributes.js";
import type { Shape } from "../../tensor/dimension.js";
import type { Operation, Program } from "../../tensor/program.js";
import { findEpilogues, type Epilogue } from "./epilogue.js";
import { denseStrides, extentOf, sameExtent, sizeExtent } from "./extent.js";
import { Group, reductionOf } from "./group.js";
import type { Length, Node, Operand } from "./node.js";
import { pointwise } from "./pointwise.js";
import { accessIn, isDenseAccess, isSplatAccess, Views } from "./views.js";

/** What a body does, one after another. */
export type Item =
  | { readonly kind: "chain"; readonly group: Group }
  | {
      readonly kind: "kernel";
      readonly op: Operation;
      readonly epilogue: Epilogue | undefined;
      /** Another operation whose result the same call gives. */
      readonly twin: Operation | undefined;
    }
  | { readonly kind: "loop"; readonly op: Operation };

export interface Fused {
  readonly items: readonly Item[];
  readonly views: Views;
}

/** Chains grow no longer than this. */
const MOST_NODES = 200;
/** Operations that cost less to repeat than to keep are repeated this deep. */
const INLINE_DEPTH = 4;

const INLINE = new Set(["eq", "lt", "le", "and", "or", "not", "iota"]);

/** Of a number in memory and a constant these cost less than a number that is written and read again. */
const CHEAP = new Set(["add", "sub", "mul", "neg", "abs", "relu", "max", "min"]);

interface Attempt {
  readonly group: Group;
  readonly length: "full" | "row";
  /** What the operation needs from memory. */
  readonly sources: number[];
}

/**
 * Groups a program's operations into chains and kernels. `held` says which output goes where which input is: a sum
 * into it can then be made in place.
 */
export function fuse(program: Program, held: ReadonlyMap<number, number>): Fused {
  return new Fuser(program, held).run();
}

class Fuser {
  private readonly views: Views;
  private readonly items: { position: number; item: Item }[] = [];
  /** Values with storage of their own: in memory, or computed by a group. */
  private readonly computed = new Map<number, Group | "memory">();
  private readonly epilogues: ReadonlyMap<Operation, Epilogue>;
  private readonly absorbed = new Set<Operation>();
  private readonly twins: ReadonlyMap<Operation, Operation>;
  private position = 0;

  constructor(
    private readonly program: Program,
    held: ReadonlyMap<number, number>,
  ) {
    this.views = new Views(program);
    for (const input of program.inputs) this.computed.set(input.value.id, "memory");
    this.epilogues = findEpilogues(program, this.views, held);
    for (const { operations } of this.epilogues.values()) for (const op of operations) this.absorbed.add(op);
    this.twins = findTwins(program);
    for (const twin of this.twins.values()) this.absorbed.add(twin);
  }

  run(): Fused {
    this.program.operations.forEach((op, i) => {
      this.position = i;
      this.step(op);
    });
    this.position = this.program.operations.length;
    for (const output of this.program.outputs) this.demandDense(output.value.id);
    this.items.sort((a, b) => positionOf(a) - positionOf(b));
    // Groups that another has absorbed are empty, and of some nobody wants a result.
    const items = this.items.map((i) => i.item).filter((i) => i.kind !== "chain" || i.group.outputs.size > 0);
    return { items, views: this.views };
  }

  private step(op: Operation): void {
    const epilogue = this.epilogues.get(op);
    if (epilogue) return this.kernel(epilogue.kernel, epilogue);
    if (this.absorbed.has(op)) return;
    const [out] = op.outputs;
    if (op.primitive === "constant") {
      if (!this.isScalar(out!.id)) this.computed.set(out!.id, "memory");
      return;
    }
    if (op.outputs.length === 1 && this.views.isView(out!.id)) return;
    if (this.isInline(op)) return;
    if (op.primitive in pointwise || op.primitive === "random") return this.elementwise(op);
    if (op.primitive === "sum" || op.primitive === "max_reduce") {
      if (this.reduction(op)) return;
    }
    if (op.primitive === "scan") return this.loop(op);
    this.kernel(op, undefined);
  }

  private isScalar(id: number): boolean {
    return sameExtent(sizeExtent(this.views.shapeOf(id)), 1);
  }

  private isInline(op: Operation): boolean {
    if (op.primitive === "size" || INLINE.has(op.primitive)) return true;
    if (op.primitive !== "cast") return false;
    const from = this.views.producer(op.inputs[0]!.id);
    return from !== undefined && INLINE.has(from.primitive);
  }

  /** Whether a value that is not in memory can be had from one that is, with one operation and constants. */
  private isCheap(op: Operation): boolean {
    const where = this.computed.get(op.outputs[0]!.id);
    if (!CHEAP.has(op.primitive) || !(where instanceof Group) || where.outputs.has(op.outputs[0]!.id))
      return false;
    let kept = 0;
    for (const v of op.inputs) {
      const { source } = this.views.of(v);
      const producer = this.views.producer(source);
      if (producer && !this.computed.has(source) && this.knownScalar(producer)) continue;
      const from = this.computed.get(source);
      if (from !== "memory" && !(from instanceof Group && from.outputs.has(source))) return false;
      kept++;
    }
    return kept === 1;
  }

  private kernel(op: Operation, epilogue: Epilogue | undefined): void {
    const inputs = op.inputs.map((v) => v.id);
    for (const id of inputs) this.demandDense(id);
    for (const id of epilogue?.reads ?? []) this.demandDense(id);
    const twin = this.twins.get(op);
    this.items.push({ position: this.position, item: { kind: "kernel", op, epilogue, twin } });
    this.computed.set(epilogue?.value ?? op.outputs[0]!.id, "memory");
    if (twin) this.computed.set(twin.outputs[0]!.id, "memory");
  }

  private loop(op: Operation): void {
    for (const v of op.inputs) this.demandDense(v.id);
    this.items.push({ position: this.position, item: { kind: "loop", op } });
    for (const v of op.outputs) this.computed.set(v.id, "memory");
  }

  /** Sees to it that a value's elements lie in memory one after another. */
  private demandDense(id: number): void {
    const view = this.views.of({ id });
    if (isDenseAccess(accessIn(view, view.shape))) this.demand(view.source);
    else this.materialize(id);
  }

  /** Sees to it that a value is in memory: its group ends here, or it gets one. */
  private demand(id: number): void {
    const where = this.computed.get(id);
    if (where === "memory") return;
    if (where === undefined) return this.materialize(id);
    where.outputs.add(id);
    where.open = false;
  }

  private materialize(id: number): void {
    const op = this.views.producer(id)!;
    const inline = this.isInline(op);
    const view = inline ? undefined : this.views.beneath(id);
    const shape = this.views.shapeOf(id);
    const group = new Group(sizeExtent(shape), this.position - 0.5);
    const attempt: Attempt = { group, length: "full", sources: [] };
    if (inline) this.cloned(attempt, op, 0);
    else {
      const operand = this.operandOf(attempt, view ?? { id }, shape, 0)!;
      this.addNode(attempt, op, COPY, "full", [operand], id);
    }
    this.views.makeRoot(id);
    group.open = false;
    group.outputs.add(id);
    this.computed.set(id, group);
    for (const source of attempt.sources) this.demand(source);
    this.push(group);
  }

  private push(group: Group): void {
    this.items.push({ position: Number.NaN, item: { kind: "chain", group } });
  }

  private elementwise(op: Operation): void {
    const id = op.outputs[0]!.id;
    const shape = this.views.shapeOf(id);
    const size = sizeExtent(shape);
    const groups = this.openGroups(op);
    const whole = this.joined(groups.filter((g) => sameExtent(g.size, size)));
    const rows = groups.filter((g) => g.rowsFit(size));
    const tries: Attempt[] = [
      ...(whole ? [{ group: whole, length: "full" as const, sources: [] }] : []),
      ...rows.map((group) => ({ group, length: "row" as const, sources: [] })),
    ];
    for (const attempt of tries) if (this.compute(attempt, op, id)) return;
    const group = new Group(size, this.position);
    this.push(group);
    this.compute({ group, length: "full", sources: [] }, op, id);
  }

  private compute(attempt: Attempt, op: Operation, id: number): boolean {
    if (attempt.group.nodes.length > MOST_NODES) return false;
    const operands = this.operandsOf(attempt, op, 0);
    if (!operands || !this.commit(attempt)) return false;
    this.addNode(attempt, op, opcodeOf(this.program, op), attempt.length, operands, id);
    this.computed.set(id, attempt.group);
    return true;
  }

  /** A sum or maximum at the end of the group that computes its operand, or of a new one. */
  private reduction(op: Operation): boolean {
    const input = op.inputs[0]!;
    const shape = this.views.shapeOf(input.id);
    const axes =
      op.primitive === "sum" ? numbersAt(op.attributes, "axes") : [numberAt(op.attributes, "axis")];
    const how = reductionOf(shape, axes);
    if (how.kind === "other" || (op.primitive === "max_reduce" && how.kind !== "rows")) return false;
    const size = sizeExtent(shape);
    const row = "row" in how ? how.row : undefined;
    const fits = (g: Group) => row === undefined || g.row === undefined || g.row === row;
    const groups = this.openGroups(op);
    const whole = this.joined(groups.filter((g) => sameExtent(g.size, size) && fits(g)));
    const attempts: Attempt[] = [
      ...(whole ? [{ group: whole, length: "full" as const, sources: [] }] : []),
      ...(how.kind === "all"
        ? groups
            .filter((g) => g.rowsFit(size))
            .map((group) => ({ group, length: "row" as const, sources: [] }))
        : []),
    ];
    if (!attempts.some((a) => this.reduce(a, op, how.kind, row))) {
      const group = new Group(size, this.position);
      this.push(group);
      this.reduce({ group, length: "full", sources: [] }, op, how.kind, row);
    }
    return true;
  }

  private reduce(
    attempt: Attempt,
    op: Operation,
    kind: "rows" | "columns" | "all",
    row: number | undefined,
  ): boolean {
    const input = op.inputs[0]!;
    if (attempt.group.nodes.length > MOST_NODES) return false;
    const operand = this.elementsOf(
      attempt,
      op,
      this.operandOf(attempt, input, this.views.shapeOf(input.id), 0),
    );
    if (!operand || !this.commit(attempt)) return false;
    const isInt = this.program.types[input.id]!.dtype === "int";
    const max = op.primitive === "max_reduce";
    const opcode = {
      rows: max ? (isInt ? ROW_MAX_INT : ROW_MAX) : isInt ? ROW_SUM_INT : ROW_SUM,
      columns: isInt ? COLUMN_SUM_INT : COLUMN_SUM,
      all: isInt ? TOTAL_SUM_INT : TOTAL_SUM,
    }[kind];
    const length = ({ rows: "row", columns: "column", all: "one" } as const)[kind];
    if (row !== undefined) attempt.group.row = row;
    const id = op.outputs[0]!.id;
    this.addNode(attempt, op, opcode, length, [operand], id);
    this.computed.set(id, attempt.group);
    return true;
  }

  /** A reduction reads elements one after another: of a scalar, which is four equal lanes, it gets as many copies. */
  private elementsOf(attempt: Attempt, op: Operation, operand: Operand | undefined): Operand | undefined {
    if (operand === undefined || operand.kind === "node") return operand;
    const { group, length } = attempt;
    if (operand.kind === "memory" && length === "full" && !isSplatAccess(operand.access)) return operand;
    const node = group.add({
      opcode: COPY,
      length,
      operands: [operand],
      immediates: [],
      value: undefined,
      text: op.primitive,
      origin: op.origin,
    });
    return { kind: "node", node };
  }

  /** The open groups that compute what the operation reads. */
  private openGroups(op: Operation): Group[] {
    const groups = new Set<Group>();
    for (const id of this.leaves(op, 0)) {
      const where = this.computed.get(id);
      if (where instanceof Group && where.open) groups.add(where);
    }
    return [...groups];
  }

  private leaves(op: Operation, depth: number): number[] {
    return op.inputs.flatMap((v) => {
      const { source } = this.views.of(v);
      const producer = this.views.producer(source);
      const inline = producer !== undefined && !this.computed.has(source) && this.isInline(producer);
      return inline && depth < INLINE_DEPTH ? this.leaves(producer, depth + 1) : [source];
    });
  }

  /** One group of several, where they go together. */
  private joined(groups: readonly Group[]): Group | undefined {
    const [first, ...others] = [...groups].sort((a, b) => b.nodes.length - a.nodes.length);
    for (const other of others) {
      if (!first!.canAbsorb(other) || first!.nodes.length + other.nodes.length > MOST_NODES) continue;
      for (const node of other.nodes) {
        if (node.value !== undefined && this.computed.get(node.value) === other)
          this.computed.set(node.value, first!);
      }
      first!.absorb(other);
    }
    return first;
  }

  private operandsOf(attempt: Attempt, op: Operation, depth: number): Operand[] | undefined {
    const shape = this.views.shapeOf(op.outputs[0]!.id);
    const operands = op.inputs.map((v) => this.operandOf(attempt, v, shape, depth));
    return operands.every((o) => o !== undefined) ? operands : undefined;
  }

  private operandOf(
    attempt: Attempt,
    v: { readonly id: number } | ReturnType<Views["of"]>,
    shape: Shape,
    depth: number,
  ): Operand | undefined {
    const view = "source" in v ? v : this.views.of(v);
    const { source } = view;
    const { group, length } = attempt;
    const read = accessIn(view, shape);
    const producer = this.views.producer(source);
    if (producer && !this.computed.has(source)) {
      const known = this.knownScalar(producer);
      if (known) return known;
    }
    const node = group.byValue.get(source);
    if (node)
      return node.length === "full" || node.length === "row"
        ? group.operandOf(node, read, length)
        : undefined;
    const inline = producer !== undefined && !this.computed.has(source) && this.isInline(producer);
    if (inline || (producer && this.isCheap(producer))) {
      const own = sizeExtent(this.views.shapeOf(source));
      const whole = isDenseAccess(read) && sameExtent(read.offset, 0);
      const fits = length === "full" ? sameExtent(own, group.size) : group.rowsFit(own);
      if (whole && fits && depth < INLINE_DEPTH) {
        const cloned = this.cloned(attempt, producer, depth + 1);
        return cloned && { kind: "node", node: cloned };
      }
      // It is made before this group, so it must not need what the group computes.
      if (inline && this.leaves(producer, 0).some((id) => group.byValue.has(id))) return undefined;
    }
    if (length === "row" && !isDenseAccess(read) && !isSplatAccess(read)) return undefined;
    attempt.sources.push(source);
    return { kind: "memory", source, access: read };
  }

  private knownScalar(op: Operation): Operand | undefined {
    if (op.primitive === "size")
      return { kind: "size", extent: extentOf(dimensionAt(op.attributes, "dimension")) };
    if (op.primitive !== "constant" || !this.isScalar(op.outputs[0]!.id)) return undefined;
    const value = numbersAt(op.attributes, "data")[0]!;
    const { dtype } = this.program.types[op.outputs[0]!.id]!;
    if (dtype === "float") return { kind: "float", value };
    return { kind: "int", value: dtype === "bool" ? (value === 0 ? 0 : -1) : value };
  }

  /** An inline operation's own copy in this group. */
  private cloned(attempt: Attempt, op: Operation, depth: number): Node | undefined {
    if (op.primitive === "size") {
      return this.addNode(attempt, op, COPY, attempt.length, [this.knownScalar(op)!], op.outputs[0]!.id);
    }
    const operands = this.operandsOf(attempt, op, depth);
    if (!operands) return undefined;
    return this.addNode(attempt, op, opcodeOf(this.program, op), attempt.length, operands, op.outputs[0]!.id);
  }

  private addNode(
    { group }: Attempt,
    op: Operation,
    opcode: number,
    length: Length,
    operands: readonly Operand[],
    value: number,
  ): Node {
    const immediates = immediatesOf(op, this.views.shapeOf(value));
    const node = { opcode, length, operands, immediates, value, text: op.primitive, origin: op.origin };
    return group.add(node);
  }

  /** What is read from memory ends the groups that compute it; false where it would end this very group. */
  private commit({ group, sources }: Attempt): boolean {
    if (sources.some((id) => this.computed.get(id) === group)) return false;
    for (const id of sources) this.demand(id);
    if (group.position < this.position) group.position = this.position;
    return true;
  }
}

/** A pool finds the places of its maxima on the way: each max_pool with the max_pool_argmax of the same windows. */
function findTwins(program: Program): ReadonlyMap<Operation, Operation> {
  const keyOf = ({ inputs, attributes }: Operation) => `${inputs[0]!.id} ${JSON.stringify(attributes)}`;
  const pools = new Map<string, Operation>();
  const twins = new Map<Operation, Operation>();
  for (const op of program.operations) {
    if (op.primitive === "max_pool") pools.set(keyOf(op), op);
    if (op.primitive !== "max_pool_argmax") continue;
    const pool = pools.get(keyOf(op));
    if (pool && !twins.has(pool)) twins.set(pool, op);
  }
  return twins;
}

function positionOf({ position, item }: { position: number; item: Item }): number {
  return item.kind === "chain" ? item.group.position : position;
}

function opcodeOf(program: Program, op: Operation): number {
  if (op.primitive === "random") return RANDOM;
  if (op.primitive === "iota") return COUNT;
  const instruction = pointwise[op.primitive as keyof typeof pointwise];
  const operand = program.types[op.inputs.at(-1)!.id]!.dtype;
  return instruction(operand, program.types[op.outputs[0]!.id]!.dtype);
}

function immediatesOf(op: Operation, shape: Shape): Extent[] {
  if (op.primitive === "random") return [integerAt(op.attributes, "stream") | 0];
  if (op.primitive !== "iota") return [];
  const axis = integerAt(op.attributes, "axis");
  const sizes = shape.map(extentOf);
  return [denseStrides(sizes)[axis]!, sizes[axis]!];
}
