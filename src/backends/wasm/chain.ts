import * as op from "../../runtime/wasm/opcodes.js";
import type { Extent, Place, Word } from "../../runtime/wasm/plan.js";
import { lookup } from "../../tensor/lookup.js";
import { plus } from "./extent.js";
import { isByColumn, isByRow, LONGEST_ROW, type Group } from "./group.js";
import type { Node, Operand, ValueNode } from "./node.js";
import { Registers, whole, type Draft } from "./registers.js";
import { isDenseAccess, isSplatAccess, type Access } from "./views.js";

/** Elements of a tile, where rows do not say otherwise: its registers stay in the first-level cache. */
const TILE = 512;

export interface ChainContext {
  /** Where a value's elements are. */
  placeOf(source: number): Place;
  /** Where the group's results go, by value. */
  readonly targets: ReadonlyMap<number, Place>;
  /** The buffers of the chain's own code and temporaries. */
  readonly code: number;
  readonly scratch: number;
}

export interface EncodedChain {
  readonly words: readonly Word[];
  /** Elements of scratch that it needs. */
  readonly scratch: number;
}

/** The nodes that results depend on, in order. */
export function liveNodes(group: Group): Node[] {
  const live = new Set<Node>();
  for (let i = group.nodes.length - 1; i >= 0; i--) {
    const node = group.nodes[i]!;
    if (!isOutput(group, node) && !live.has(node)) continue;
    live.add(node);
    for (const operand of node.operands) if (operand.kind === "node") live.add(operand.node);
  }
  return group.nodes.filter((node) => live.has(node));
}

/** Whether a node's elements are read outside of its group. */
export function isOutput(group: Group, node: Node): node is ValueNode {
  return node.value !== undefined && group.outputs.has(node.value) && group.byValue.get(node.value) === node;
}

function isReduction(opcode: number): boolean {
  return opcode >= op.ROW_SUM;
}

/** Whether a node's memory operands have one element for each of the group's elements, and not one for each row. */
export function readsFull(node: Node): boolean {
  return node.length !== "row" || isReduction(node.opcode);
}

/** A group as the code of a chain. */
export function encodeChain(group: Group, context: ChainContext): EncodedChain {
  return new Encoder(group, context).encode();
}

/** The row length by which a group is tiled: its own, or one that lets it repeat a vector or a row's scalar. */
function rowOf(group: Group, nodes: readonly Node[]): number | undefined {
  if (group.row !== undefined) return group.row;
  for (const { axes } of nodes
    .flatMap((n) => n.operands)
    .flatMap((o) => (o.kind === "memory" ? [o.access] : []))) {
    const column = isByColumn(axes);
    if (column !== undefined) return column;
    const last = axes.length > 1 ? axes.at(-1)?.size : undefined;
    if (typeof last === "number" && last <= LONGEST_ROW && isByRow(axes, last)) return last;
  }
  return undefined;
}

function tileOf(size: Extent, row: number | undefined): number {
  const all = typeof size === "number" ? size : Number.POSITIVE_INFINITY;
  if (row === undefined) return Math.min(TILE, Math.max(4, Math.ceil(all / 4) * 4));
  const multiple = row % 4 === 0 ? 1 : 4;
  const fitting = Math.max(multiple, Math.floor(TILE / row / multiple) * multiple);
  return Math.min(fitting, Math.max(multiple, Math.ceil(all / row / multiple) * multiple)) * row;
}

class Encoder {
  private readonly nodes: readonly Node[];
  private readonly row: number | undefined;
  private readonly tile: number;
  private readonly registers: Registers;
  private readonly prologue: Draft[] = [];
  private readonly body: Draft[] = [];
  private readonly epilogue: Draft[] = [];
  /** Registers of memory operands, by what they read. */
  private readonly loaded = new Map<string, number>();
  private readonly ofNode = new Map<Node, number>();
  private readonly lastUse = new Map<Node, number>();
  /** The last node that reads a buffer. */
  private readonly lastRead = new Map<number, number>();
  /** Stores that come last in a tile, since they overwrite what other instructions of it read. */
  private readonly late: Draft[] = [];

  constructor(
    private readonly group: Group,
    private readonly context: ChainContext,
  ) {
    this.nodes = liveNodes(group);
    this.row = rowOf(group, this.nodes);
    this.tile = tileOf(group.size, this.row);
    this.registers = new Registers(this.tile);
    this.nodes.forEach((node, i) => {
      for (const o of node.operands) {
        if (o.kind === "node") this.lastUse.set(o.node, i);
        if (o.kind === "memory") this.lastRead.set(context.placeOf(o.source).buffer, i);
      }
    });
  }

  encode(): EncodedChain {
    this.nodes.forEach((node, i) => this.emit(node, i));
    for (const each of this.late) this.body.push(each);
    const { registers } = this;
    const head = Array.from({ length: op.CODE_HEAD }, () => 0);
    head[op.CODE_ROW] = this.row ?? 1;
    head[op.CODE_TILE] = this.tile;
    head[op.CODE_REGISTERS] = registers.count;
    head[op.CODE_PROLOGUE] = this.prologue.length / op.INSTRUCTION;
    head[op.CODE_BODY] = this.body.length / op.INSTRUCTION;
    head[op.CODE_EPILOGUE] = this.epilogue.length / op.INSTRUCTION;
    const instructions = [...this.prologue, ...this.body, ...this.epilogue];
    const rest = registers.layout(instructions, this.context.code, this.context.scratch);
    return { words: [...head.map(whole), ...rest], scratch: registers.scratch };
  }

  private emit(node: Node, index: number): void {
    if (node.length === "column" || node.length === "one") return this.reduce(node);
    const read = node.operands.map((o) => this.read(o, readsFull(node)));
    const length = isReduction(node.opcode) || node.length === "full" ? op.FULL : op.ROW;
    // An instruction whose result has another length must not write to the register that it reads.
    const changes = isReduction(node.opcode) || node.opcode === op.EXPAND;
    if (!changes) this.releaseOperands(node, index);
    const result = this.target(node, index);
    if (changes) this.releaseOperands(node, index);
    this.ofNode.set(node, result);
    const splats = read.reduce((bits, r, i) => bits | (this.registers.isScalar(r) ? 1 << i : 0), 0);
    const unused = node.opcode === op.COUNT ? [whole(0)] : [];
    const words = [...unused, ...read.map(whole), ...node.immediates.map((extent) => ({ extent }))];
    // Both operands of `random`, seed and step, are always scalars, and the instruction has no flags for them.
    const flags = node.opcode === op.RANDOM ? 0 : splats;
    push(this.body, { opcode: node.opcode, length, splats: flags, target: result }, words);
  }

  private releaseOperands(node: Node, index: number): void {
    for (const o of new Set(node.operands.flatMap((o) => (o.kind === "node" ? [o.node] : [])))) {
      if (this.lastUse.get(o) === index) this.registers.release(lookup(this.ofNode, o));
    }
  }

  /** Where a node's elements go: to their place in memory if they have one, else to a temporary. */
  private target(node: Node, index: number): number {
    const place = isOutput(this.group, node) ? this.context.targets.get(node.value) : undefined;
    if (!place) return this.registers.temporary();
    const kind = node.length === "row" ? op.BY_ROWS : op.BY_ELEMENTS;
    const register = this.registers.memory(place, kind);
    if (!this.isReadAfter(place, index)) return register;
    const temporary = this.registers.temporary();
    this.lastUse.set(node, Number.POSITIVE_INFINITY);
    push(this.late, { opcode: op.COPY, length: node.length === "row" ? op.ROW : op.FULL, target: register }, [
      whole(temporary),
    ]);
    return temporary;
  }

  /** Whether a later instruction reads what this place holds before the chain. */
  private isReadAfter(place: Place, index: number): boolean {
    return (this.lastRead.get(place.buffer) ?? -1) > index;
  }

  private reduce(node: Node): void {
    const [operand] = node.operands;
    if (operand === undefined) throw new Error(`${node.text} of nothing`);
    const from = this.read(operand, true);
    const place = lookup(this.context.targets, node.value);
    const isRow = operand.kind === "node" && operand.node.length === "row";
    if (node.length === "column") {
      const register = this.registers.memory(place, op.FIXED);
      push(this.prologue, { opcode: op.ZERO, length: op.ROW_VECTOR, target: register }, []);
      push(this.body, { opcode: node.opcode, length: op.FULL, target: register }, [whole(from)]);
      return;
    }
    const lanes = this.registers.scalar();
    const isInt = node.opcode === op.TOTAL_SUM_INT;
    push(this.prologue, { opcode: op.ZERO, length: op.ONE, target: lanes }, []);
    push(this.body, { opcode: node.opcode, length: isRow ? op.ROW : op.FULL, target: lanes }, [whole(from)]);
    const register = this.registers.memory(place, op.FIXED);
    push(this.epilogue, { opcode: isInt ? op.LANE_SUM_INT : op.LANE_SUM, length: op.ONE, target: register }, [
      whole(lanes),
    ]);
  }

  private read(operand: Operand, full: boolean): number {
    switch (operand.kind) {
      case "node":
        return lookup(this.ofNode, operand.node);
      case "float":
        return this.registers.constant({ float: operand.value });
      case "int":
        return this.registers.constant(whole(operand.value));
      case "size":
        return this.registers.constant({ floatOf: operand.extent });
      case "memory":
        return this.memory(operand.source, operand.access, full);
    }
  }

  private memory(source: number, access: Access, full: boolean): number {
    const key = `${source} ${full} ${JSON.stringify(access)}`;
    const known = this.loaded.get(key);
    if (known !== undefined) return known;
    const register = this.load(source, access, full);
    this.loaded.set(key, register);
    return register;
  }

  private load(source: number, access: Access, full: boolean): number {
    const { registers, row } = this;
    const held = this.context.placeOf(source);
    const place = { ...held, offset: plus(held.offset, access.offset) };
    const { axes } = access;
    if (isSplatAccess(access)) {
      const lanes = registers.scalar();
      push(this.prologue, { opcode: op.SPLAT, length: op.ONE, target: lanes }, [
        whole(registers.memory(place, op.FIXED)),
      ]);
      return lanes;
    }
    if (isDenseAccess(access)) return registers.memory(place, full ? op.BY_ELEMENTS : op.BY_ROWS);
    if (row !== undefined && isByColumn(axes) === row) {
      const tile = registers.lasting(this.tile + 4);
      push(this.prologue, { opcode: op.REPEAT, length: op.FULL, target: tile }, [
        whole(registers.memory(place, op.FIXED)),
      ]);
      return tile;
    }
    // Loaded at the tile's start and kept to its end: instructions in any order may read it.
    const tile = registers.lasting(this.tile + 4);
    if (isByRow(axes, row)) {
      push(this.body, { opcode: op.EXPAND, length: op.FULL, target: tile }, [
        whole(registers.memory(place, op.BY_ROWS)),
      ]);
      return tile;
    }
    const pattern = [axes.length, ...axes.flatMap((a) => [a.size, a.stride])];
    const index = registers.parameter(pattern.map((extent) => ({ extent })));
    push(this.body, { opcode: op.LOAD, length: op.FULL, target: tile }, [
      whole(registers.memory(place, op.FIXED)),
      { late: "index", index },
    ]);
    return tile;
  }
}

interface Instruction {
  readonly opcode: number;
  readonly length: number;
  /** A bit for each operand that is a single number where the instruction goes over many. */
  readonly splats?: number;
  readonly target: number;
}

function push(
  to: Draft[],
  { opcode, length, splats = 0, target }: Instruction,
  operands: readonly Draft[],
): void {
  const [a, b, c] = operands;
  to.push(
    whole(opcode | (length << 8) | (splats << 10)),
    whole(target),
    a ?? whole(0),
    b ?? whole(0),
    c ?? whole(0),
  );
}
