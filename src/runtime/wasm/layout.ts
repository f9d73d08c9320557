import { Gaps } from "./gaps.js";
import type { WasmBuffer } from "./program.js";
import { elementCount } from "../elements.js";

/** Addresses are multiples of a vector's size. */
const ALIGNMENT = 16;

export function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

export function elementsOf({ shape }: WasmBuffer): number {
  return elementCount(shape);
}

/** Bytes of a buffer, rounded up since a vector may be written over the end of its elements. */
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
  /** Offsets by buffer; -1 for buffers outside of the arena. */
  readonly offsets: Int32Array;
  readonly size: number;
}

/** With more buffers than this only the fast method is used. */
const MANY = 1500;

/** A transient buffer, by its place in the list. */
interface Part {
  readonly index: number;
  readonly size: number;
  readonly first: number;
  readonly last: number;
}

/** Gives every transient buffer an offset so that no two that live at once overlap. */
export function layoutArena(buffers: readonly WasmBuffer[]): Arena {
  const parts = buffers.flatMap((buffer, index): Part[] => {
    const { first, last } = buffer;
    return isTransient(buffer) ? [{ index, size: bytesOf(buffer), first, last }] : [];
  });
  const quick = inOrderOfTime(buffers.length, parts);
  if (parts.length > MANY || quick.size === lowerBound(buffers)) return quick;
  const dense = largestFirst(buffers.length, parts);
  return dense.size < quick.size ? dense : quick;
}

/**
 * Large buffers first, each in the smallest gap that it fits (Pisarchyk and Lee, "Efficient Memory Management for Deep
 * Neural Net Inference", 2020).
 */
function largestFirst(buffers: number, parts: readonly Part[]): Arena {
  const offsets = new Int32Array(buffers).fill(-1);
  const placed: Block[] = [];
  let end = 0;
  for (const { index, size, first, last } of parts.toSorted((a, b) => b.size - a.size || a.first - b.first)) {
    const offset = gapFor(placed, size, first, last);
    placed.push({ offset, size, first, last });
    offsets[index] = offset;
    end = Math.max(end, offset + size);
  }
  return { offsets, size: end };
}

/** The smallest sufficient gap between blocks that are in use at the same time; else the end of these blocks. */
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

/** The fast method: gives each buffer, in the order of first use, the smallest gap that is free then. */
function inOrderOfTime(buffers: number, parts: readonly Part[]): Arena {
  const offsets = new Int32Array(buffers).fill(-1);
  const byEnd = parts.toSorted((a, b) => a.last - b.last);
  const gaps = new Gaps();
  let ended = 0;
  for (const { index, size, first } of parts.toSorted((a, b) => a.first - b.first)) {
    for (let done = byEnd[ended]; done && done.last < first; done = byEnd[++ended])
      gaps.free(offsets[done.index]!, done.size);
    offsets[index] = gaps.take(size);
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
  for (const [, by] of [...change].sort(([a], [b]) => a - b)) {
    live += by;
    most = Math.max(most, live);
  }
  return most;
}
