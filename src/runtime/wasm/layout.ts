import { Gaps } from "./gaps.js";
import type { WasmBuffer } from "./program.js";
import { elementCount } from "../elements.js";

/** Addresses are multiples of this: a vector's. */
const ALIGNMENT = 16;

export function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

export function elementsOf({ shape }: WasmBuffer): number {
  return elementCount(shape);
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

/** Above so many buffers only the quick way is tried. */
const MANY = 1500;

/** Gives every transient buffer an offset so that no two that live at once overlap. */
export function layoutArena(buffers: readonly WasmBuffer[]): Arena {
  const order = buffers.map((_, i) => i).filter((i) => isTransient(buffers[i]!));
  const quick = inOrderOfTime(buffers, order);
  if (order.length > MANY || quick.size === lowerBound(buffers)) return quick;
  const dense = largestFirst(buffers, order);
  return dense.size < quick.size ? dense : quick;
}

/**
 * Large buffers first, each in the smallest gap that it fits (Pisarchyk and Lee, "Efficient Memory Management for Deep
 * Neural Net Inference", 2020).
 */
function largestFirst(buffers: readonly WasmBuffer[], order: readonly number[]): Arena {
  const offsets = new Int32Array(buffers.length).fill(-1);
  const sizes = buffers.map(bytesOf);
  const bySize = [...order].sort((a, b) => sizes[b]! - sizes[a]! || buffers[a]!.first - buffers[b]!.first);
  const placed: Block[] = [];
  let size = 0;
  for (const i of bySize) {
    const { first, last } = buffers[i]!;
    const offset = gapFor(placed, sizes[i]!, first, last);
    placed.push({ offset, size: sizes[i]!, first, last });
    offsets[i] = offset;
    size = Math.max(size, offset + sizes[i]!);
  }
  return { offsets, size };
}

/** The smallest gap of this size between the blocks that live at the same time; else behind them. */
function gapFor(placed: readonly Block[], size: number, first: number, last: number): number {
  const others = placed.filter((b) => b.first <= last && b.last >= first).sort((a, b) => a.offset - b.offset);
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

/** Each buffer when it is first needed, in the smallest gap that is free then. */
function inOrderOfTime(buffers: readonly WasmBuffer[], order: readonly number[]): Arena {
  const offsets = new Int32Array(buffers.length).fill(-1);
  const byStart = [...order].sort((a, b) => buffers[a]!.first - buffers[b]!.first);
  const byEnd = [...order].sort((a, b) => buffers[a]!.last - buffers[b]!.last);
  const gaps = new Gaps();
  let ended = 0;
  for (const i of byStart) {
    const { first } = buffers[i]!;
    for (; ended < byEnd.length && buffers[byEnd[ended]!]!.last < first; ended++) {
      const done = byEnd[ended]!;
      gaps.free(offsets[done]!, bytesOf(buffers[done]!));
    }
    offsets[i] = gaps.take(bytesOf(buffers[i]!));
  }
  return { offsets, size: gaps.end };
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
