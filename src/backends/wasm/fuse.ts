import { COPY } from "../../runtime/wasm/opcodes.js";
import type { Extent } from "../../runtime/wasm/plan.js";
import { resultOf } from "../../tensor/lookup.js";
import { maxReduceSignature, sumSignature } from "../../tensor/ops.js";
import { primitiveNamed } from "../../tensor/primitives/index.js";
import type { Operation, Program, Value } from "../../tensor/program.js";
import { findEpilogues, type Epilogue } from "./epilogue.js";
import { sameExtent, sizeExtent } from "./extent.js";
import { Group, reductionOf } from "./group.js";
import { opcodeOf, reductionOpcode } from "./instructions.js";
import type { Item } from "./items.js";
import type { Operand } from "./node.js";
import { Operands, type Attempt } from "./operands.js";
import { findTwins } from "./twins.js";
import { accessIn, isDenseAccess, isSplatAccess, Views } from "./views.js";

export interface Fused {
  readonly items: readonly Item[];
  readonly views: Views;
}

/** The most instructions of a chain. */
const MOST_NODES = 200;

/**
 * Groups a program's operations into chains and kernels. `held` says in which input's place an output ends up (a new weight in
 * that of the old one): a sum with that input can be made in place.
 */
export function fuse(program: Program, held: ReadonlyMap<number, number>): Fused {
  return new Fuser(program, held).run();
}

class Fuser {
  private readonly views: Views;
  private readonly operands: Operands;
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
    this.operands = new Operands(program, this.views, this.computed);
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
    const { id } = resultOf(op);
    if (op.primitive === "constant") {
      if (!this.operands.isScalar(id)) this.computed.set(id, "memory");
      return;
    }
    if (op.outputs.length === 1 && this.views.isView(id)) return;
    if (this.operands.isInline(op)) return;
    if (primitiveNamed(op.primitive).elementwise || op.primitive === "random") return this.elementwise(op);
    if (op.primitive === "sum" || op.primitive === "max_reduce") {
      if (this.reduction(op)) return;
    }
    if (op.primitive === "scan") return this.loop(op);
    this.kernel(op, undefined);
  }

  private kernel(op: Operation, epilogue: Epilogue | undefined): void {
    const inputs = op.inputs.map((v) => v.id);
    for (const id of inputs) this.demandDense(id);
    for (const id of epilogue?.reads ?? []) this.demandDense(id);
    const twin = this.twins.get(op);
    this.items.push({ position: this.position, item: { kind: "kernel", op, epilogue, twin } });
    this.computed.set(epilogue?.value ?? resultOf(op).id, "memory");
    if (twin) this.computed.set(resultOf(twin).id, "memory");
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

  /** Makes sure that a value is in memory: closes the group that computes it, or begins a group for it. */
  private demand(id: number): void {
    const where = this.computed.get(id);
    if (where === "memory") return;
    if (where === undefined) return this.materialize(id);
    where.outputs.add(id);
    where.open = false;
  }

  private materialize(id: number): void {
    const op = this.views.producer(id);
    if (op === undefined) throw new Error(`value ${id} of ${this.program.name} is made by nothing`);
    const inline = this.operands.isInline(op);
    const view = inline ? undefined : this.views.beneath(id);
    const shape = this.views.shapeOf(id);
    const group = new Group(sizeExtent(shape), this.position - 0.5);
    const attempt: Attempt = { group, length: "full", sources: [] };
    if (inline) this.operands.cloned(attempt, op);
    else {
      const operand = view
        ? this.operands.view(attempt, view, shape)
        : this.operands.value(attempt, { id }, shape);
      if (operand === undefined) throw new Error(`value ${id} of ${this.program.name} cannot be read`);
      this.operands.add(attempt, op, { opcode: COPY, operands: [operand], value: id });
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
    const size = sizeExtent(this.views.shapeOf(resultOf(op).id));
    const groups = this.openGroups(op);
    const whole = this.joined(groups.filter((g) => sameExtent(g.size, size)));
    const rows = groups.filter((g) => g.rowsFit(size));
    const tries = attempts(whole, rows);
    if (!tries.some((attempt) => this.compute(attempt, op))) this.compute(this.begun(size), op);
  }

  /** A group that the operation at hand begins. */
  private begun(size: Extent): Attempt {
    const group = new Group(size, this.position);
    this.push(group);
    return { group, length: "full", sources: [] };
  }

  private compute(attempt: Attempt, op: Operation): boolean {
    if (attempt.group.nodes.length > MOST_NODES) return false;
    const operands = this.operands.of(attempt, op);
    if (!operands || !this.commit(attempt)) return false;
    const value = resultOf(op).id;
    this.operands.add(attempt, op, { opcode: opcodeOf(this.program, op), operands, value });
    this.computed.set(value, attempt.group);
    return true;
  }

  /** A sum or maximum at the end of the group that computes its operand, or of a new one. */
  private reduction(op: Operation): boolean {
    const sum = sumSignature.of(op);
    const { inputs, axes } = sum ? { ...sum, axes: sum.attributes.axes } : maximum(op);
    const [input] = inputs;
    const shape = this.views.shapeOf(input.id);
    const how = reductionOf(shape, axes);
    if (how.kind === "other" || (op.primitive === "max_reduce" && how.kind !== "rows")) return false;
    const reduction = { op, input, kind: how.kind, row: how.kind === "all" ? undefined : how.row };
    const size = sizeExtent(shape);
    const fits = (g: Group) => reduction.row === undefined || g.row === undefined || g.row === reduction.row;
    const groups = this.openGroups(op);
    const whole = this.joined(groups.filter((g) => sameExtent(g.size, size) && fits(g)));
    const rows = how.kind === "all" ? groups.filter((g) => g.rowsFit(size)) : [];
    const tries = attempts(whole, rows);
    if (!tries.some((attempt) => this.reduce(attempt, reduction))) this.reduce(this.begun(size), reduction);
    return true;
  }

  private reduce(attempt: Attempt, { op, input, kind, row }: Reducing): boolean {
    if (attempt.group.nodes.length > MOST_NODES) return false;
    const read = this.operands.value(attempt, input, this.views.shapeOf(input.id));
    const operand = this.elementsOf(attempt, op, read);
    if (!operand || !this.commit(attempt)) return false;
    const opcode = reductionOpcode(this.program, op, kind);
    const length = ({ rows: "row", columns: "column", all: "one" } as const)[kind];
    if (row !== undefined) attempt.group.row = row;
    const value = resultOf(op).id;
    this.operands.add(attempt, op, { opcode, length, operands: [operand], value });
    this.computed.set(value, attempt.group);
    return true;
  }

  /** Reductions read one element after another, but a scalar is only stored as four equal lanes, so it is repeated first. */
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
    for (const id of this.operands.leaves(op)) {
      const where = this.computed.get(id);
      if (where instanceof Group && where.open) groups.add(where);
    }
    return [...groups];
  }

  /** One group of several, where they go together. */
  private joined(groups: readonly Group[]): Group | undefined {
    const [first, ...others] = [...groups].sort((a, b) => b.nodes.length - a.nodes.length);
    if (!first) return undefined;
    for (const other of others) {
      if (!first.canAbsorb(other) || first.nodes.length + other.nodes.length > MOST_NODES) continue;
      for (const { value } of other.nodes) {
        if (value !== undefined && this.computed.get(value) === other) this.computed.set(value, first);
      }
      first.absorb(other);
    }
    return first;
  }

  /** Closes the groups that compute what the operation reads from memory; false where that would be its own group. */
  private commit({ group, sources }: Attempt): boolean {
    if (sources.some((id) => this.computed.get(id) === group)) return false;
    for (const id of sources) this.demand(id);
    if (group.position < this.position) group.position = this.position;
    return true;
  }
}

function maximum(op: Operation) {
  const { inputs, attributes } = maxReduceSignature.read(op);
  return { inputs, axes: [attributes.axis] };
}

/** A sum or maximum, by which elements it goes over. */
interface Reducing {
  readonly op: Operation;
  readonly input: Value;
  readonly kind: "rows" | "columns" | "all";
  /** Elements of a row, where it needs rows. */
  readonly row: number | undefined;
}

/** A group of as many elements is tried first, then those with as many rows. */
function attempts(whole: Group | undefined, rows: readonly Group[]): Attempt[] {
  const attempt = (group: Group, length: Attempt["length"]): Attempt => ({ group, length, sources: [] });
  return [...(whole ? [attempt(whole, "full")] : []), ...rows.map((group) => attempt(group, "row"))];
}

function positionOf({ position, item }: { position: number; item: Item }): number {
  return item.kind === "chain" ? item.group.position : position;
}
