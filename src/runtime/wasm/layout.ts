import type { WasmBuffer } from "./program.js";

/** Addresses are multiples of this: a vector's. */
const ALIGNMENT = 16;

export function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

export function elementsOf({ shape }: WasmBuffer): number {
  return shape.reduce((n, d) => n * d, 1);
}

/** Bytes of a buffer. A vector may be written over the end of its elements, up to the next multiple of four. */
export function bytesOf(buffer: WasmBuffer): number {
  return aligned(elementsOf(buffer) * 4);
}

/** Whether a buffer shares memory with those that live at other times. */
export function isTransient({ role }: WasmBuffer): boolean {
  return role === "argument" || role === "result" || role === "temporary";
}

interface Block {
  readonly offset: number;
  readonly size: number;
  readonly first: number;
  readonly last: number;
}

export interface Arena {
  /** By buffer; -1 for those that have their place elsewhere. */
  readonly offsets: Int32Array;
  readonly size: number;
}

/**
 * Gives every transient buffer an offset so that no two that live at once overlap. Large ones first, each in the
 * smallest gap that it fits (Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net Inference", 2020).
 */
export function layoutArena(buffers: readonly WasmBuffer[]): Arena {
  const offsets = new Int32Array(buffers.length).fill(-1);
  const sizes = buffers.map(bytesOf);
  const order = buffers
    .map((_, i) => i)
    .filter((i) => isTransient(buffers[i]!))
    .sort((a, b) => sizes[b]! - sizes[a]! || buffers[a]!.first - buffers[b]!.first);
  const placed = new Intervals(buffers.reduce((most, b) => Math.max(most, b.last), 0) + 1);
  let size = 0;
  for (const i of order) {
    const { first, last } = buffers[i]!;
    const offset = placed.gapFor(sizes[i]!, first, last);
    placed.add({ offset, size: sizes[i]!, first, last });
    offsets[i] = offset;
    size = Math.max(size, offset + sizes[i]!);
  }
  return { offsets, size };
}

/** The most bytes that live at once: no layout can do with less. */
export function lowerBound(buffers: readonly WasmBuffer[]): number {
  const change = new Map<number, number>();
  for (const buffer of buffers) {
    if (!isTransient(buffer)) continue;
    const size = bytesOf(buffer);
    change.set(buffer.first, (change.get(buffer.first) ?? 0) + size);
    change.set(buffer.last + 1, (change.get(buffer.last + 1) ?? 0) - size);
  }
  let live = 0;
  let most = 0;
  for (const at of [...change.keys()].sort((a, b) => a - b)) {
    live += change.get(at)!;
    most = Math.max(most, live);
  }
  return most;
}

/** Blocks by when they live, in buckets of calls: short lives, the usual ones, are found without looking at all. */
class Intervals {
  private readonly buckets: Block[][];
  private readonly long: Block[] = [];
  private readonly width: number;

  constructor(calls: number) {
    this.width = Math.max(1, Math.ceil(Math.sqrt(calls)));
    this.buckets = Array.from({ length: Math.ceil(calls / this.width) + 1 }, () => []);
  }

  add(block: Block): void {
    const [from, to] = this.range(block.first, block.last);
    if (to - from > 4) this.long.push(block);
    else for (let i = from; i <= to; i++) this.buckets[i]!.push(block);
  }

  gapFor(size: number, first: number, last: number): number {
    const [from, to] = this.range(first, last);
    const near = new Set<Block>(this.long);
    for (let i = from; i <= to; i++) for (const block of this.buckets[i]!) near.add(block);
    const others = [...near]
      .filter((b) => b.first <= last && b.last >= first)
      .sort((a, b) => a.offset - b.offset);
    let best = -1;
    let bestGap = Number.POSITIVE_INFINITY;
    let end = 0;
    for (const block of others) {
      const gap = block.offset - end;
      if (gap >= size && gap < bestGap) {
        best = end;
        bestGap = gap;
      }
      end = Math.max(end, block.offset + block.size);
    }
    return best >= 0 ? best : end;
  }

  private range(first: number, last: number): [number, number] {
    return [Math.floor(first / this.width), Math.floor(last / this.width)];
  }
}
