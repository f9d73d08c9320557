import { gatherRun } from "./chain-memory";

/** A long run; below it a loop is quicker than the engine's own copy. */
const LONG: i32 = 128;

/** `count` elements of four bytes, which do not overlap. */
@inline
export function copyRun(source: usize, target: usize, count: i32): void {
  if (count >= LONG) memory.copy(target, source, usize(count) << 2);
  else gatherRun(target, source, 4, count);
}

/** Four elements from each of four rows become four columns. Strides are bytes. */
@inline
function transpose4(source: usize, sourceStride: usize, target: usize, targetStride: usize): void {
  const a = v128.load(source);
  const b = v128.load(source + sourceStride);
  const c = v128.load(source + 2 * sourceStride);
  const d = v128.load(source + 3 * sourceStride);
  const ab0 = i32x4.shuffle(a, b, 0, 4, 1, 5);
  const ab1 = i32x4.shuffle(a, b, 2, 6, 3, 7);
  const cd0 = i32x4.shuffle(c, d, 0, 4, 1, 5);
  const cd1 = i32x4.shuffle(c, d, 2, 6, 3, 7);
  v128.store(target, i64x2.shuffle(ab0, cd0, 0, 2));
  v128.store(target + targetStride, i64x2.shuffle(ab0, cd0, 1, 3));
  v128.store(target + 2 * targetStride, i64x2.shuffle(ab1, cd1, 0, 2));
  v128.store(target + 3 * targetStride, i64x2.shuffle(ab1, cd1, 1, 3));
}

/** One strip of a transposition: `rows` rows of the source (at most STRIP), all columns. */
function transposeStrip(
  source: usize,
  sourceStride: usize,
  target: usize,
  targetStride: usize,
  rows: i32,
  columns: i32,
): void {
  const wholeRows = usize(rows & ~3);
  const wholeColumns = columns & ~3;
  for (let j = 0; j < wholeColumns; j += 4) {
    const from = source + (usize(j) << 2);
    const to = target + usize(j) * targetStride;
    for (let i: usize = 0; i < wholeRows; i += 4) {
      transpose4(from + i * sourceStride, sourceStride, to + (i << 2), targetStride);
    }
    for (let k = 0; k < 4; k++) {
      const rest = from + (usize(k) << 2) + wholeRows * sourceStride;
      gatherRun(to + usize(k) * targetStride + (wholeRows << 2), rest, sourceStride, rows & 3);
    }
  }
  for (let j = wholeColumns; j < columns; j++) {
    gatherRun(target + usize(j) * targetStride, source + (usize(j) << 2), sourceStride, rows);
  }
}

/** Rows of the source whose cache lines stay near while a strip goes over their columns. */
const STRIP: i32 = 64;

/** target[j, i] = source[i, j]; both are contiguous along their last axis, other strides are bytes. */
function transposePlane(
  source: usize,
  sourceStride: usize,
  target: usize,
  targetStride: usize,
  rows: i32,
  columns: i32,
): void {
  for (let i = 0; i < rows; i += STRIP) {
    const from = source + usize(i) * sourceStride;
    transposeStrip(from, sourceStride, target + (usize(i) << 2), targetStride, min(STRIP, rows - i), columns);
  }
}

@inline
function axisAt(block: usize, axis: i32): usize {
  return block + 4 + usize(axis) * 12;
}

@inline
function strideAt(block: usize, axis: i32, word: usize): usize {
  return usize(load<i32>(axisAt(block, axis) + (word << 2)) << 2);
}

/** The last axis of a strided copy together with another one, `other`, or alone where that is -1. */
function copyPlane(source: usize, target: usize, block: usize, last: i32, other: i32): void {
  const count = load<i32>(axisAt(block, last));
  const from = strideAt(block, last, 1);
  const to = strideAt(block, last, 2);
  const rows = other < 0 ? 1 : load<i32>(axisAt(block, other));
  const rowFrom = other < 0 ? 0 : strideAt(block, other, 1);
  const rowTo = other < 0 ? 0 : strideAt(block, other, 2);
  if (to == 4 && rowFrom == 4 && from != 4) {
    transposePlane(source, from, target, rowTo, count, rows);
    return;
  }
  for (let i = 0; i < rows; i++, source += rowFrom, target += rowTo) {
    if (to != 4) copySpread(source, from, target, to, count);
    else if (from == 4) copyRun(source, target, count);
    else gatherRun(target, source, from, count);
  }
}

function copySpread(source: usize, from: usize, target: usize, to: usize, count: i32): void {
  for (; count > 0; count--, source += from, target += to) store<i32>(target, load<i32>(source));
}

/** The axes from `axis` on; the last and the other one together at the end. */
function copyAxes(source: usize, target: usize, block: usize, axis: i32, last: i32, other: i32): void {
  if (axis == other) axis++;
  if (axis == last) {
    copyPlane(source, target, block, last, other);
    return;
  }
  const from = strideAt(block, axis, 1);
  const to = strideAt(block, axis, 2);
  for (let i = load<i32>(axisAt(block, axis)); i > 0; i--, source += from, target += to) {
    copyAxes(source, target, block, axis + 1, last, other);
  }
}

/** The axis to take with the last one: where the source is contiguous along it, to transpose both. */
function partnerOf(block: usize, last: i32): i32 {
  for (let axis = last - 1; axis >= 0; axis--) {
    if (strideAt(block, axis, 1) == 4 && load<i32>(axisAt(block, axis)) >= 4) return axis;
  }
  return last - 1;
}

/**
 * Copies elements of four bytes with any strides. `block` is the address of words: rank, then for each axis its size,
 * the source's and the target's stride in elements (negative ones are fine).
 */
export function strided_copy(source: usize, target: usize, block: usize): void {
  const last = load<i32>(block) - 1;
  if (last < 0) store<i32>(target, load<i32>(source));
  else copyAxes(source, target, block, 0, last, partnerOf(block, last));
}

/** y[i] = x[i]ᵀ for `batch` matrices of [rows, columns]. */
export function transpose(x: usize, y: usize, batch: i32, rows: i32, columns: i32): void {
  const bytes = (usize(rows) * usize(columns)) << 2;
  for (; batch > 0; batch--, x += bytes, y += bytes) {
    transposePlane(x, usize(columns) << 2, y, usize(rows) << 2, rows, columns);
  }
}

/** `count` elements, each these four bytes. */
export function fill(target: usize, bits: i32, count: i32): void {
  const end = target + (usize(count) << 2);
  const vectors = target + (usize(count & ~3) << 2);
  for (; target < vectors; target += 16) v128.store(target, i32x4.splat(bits));
  for (; target < end; target += 4) store<i32>(target, bits);
}

/** `bytes` bytes, which may overlap. */
export function copy(source: usize, target: usize, bytes: i32): void {
  memory.copy(target, source, usize(bytes));
}
