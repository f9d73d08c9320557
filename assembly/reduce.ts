import { columnSums, firstLanes, larger, maxOfRun, plus, rowMaxima, sumOfRun } from "./chain-reduce";
import { fill } from "./shape";

@inline
function sizeAt(axes: usize, axis: i32): i32 {
  return load<i32>(axes + (usize(axis) << 3));
}

/** In bytes. */
@inline
function strideAt(axes: usize, axis: i32): usize {
  return usize(load<i32>(axes + (usize(axis) << 3), 4) << 2);
}

@inline
function sumOfStrided<T>(source: usize, count: i32, stride: usize): v128 {
  if (stride == 4) return sumOfRun<T>(source, count);
  let total = i32x4.splat(0);
  for (; count > 0; count--, source += stride) total = plus<T>(total, v128.load32_zero(source));
  return total;
}

/** Adds a line, or where there are more than one a number of columns. */
@inline
function addLine<T>(target: usize, source: usize, count: i32, stride: usize, columns: i32): void {
  if (columns > 1) {
    columnSums<T>(target, source, count, stride, columns);
    return;
  }
  const sum = sumOfStrided<T>(source, count, stride);
  v128.store32_lane(target, plus<T>(v128.load32_zero(target), sum), 0);
}

/** Adds what the reduced axes from `axis` on hold. */
function addReduced(
  isInt: i32,
  target: usize,
  source: usize,
  axes: usize,
  axis: i32,
  rank: i32,
  columns: i32,
): void {
  const count = axis < rank ? sizeAt(axes, axis) : 1;
  const stride = axis < rank ? strideAt(axes, axis) : 4;
  if (axis >= rank - 1) {
    if (isInt) addLine<i32>(target, source, count, stride, columns);
    else addLine<f32>(target, source, count, stride, columns);
    return;
  }
  for (let i = 0; i < count; i++, source += stride) {
    addReduced(isInt, target, source, axes, axis + 1, rank, columns);
  }
}

/** The kept axes from `axis` to `last`; returns the address after what it wrote. */
function sumKept(
  isInt: i32,
  target: usize,
  source: usize,
  kept: usize,
  axis: i32,
  last: i32,
  reduced: usize,
  columns: i32,
): usize {
  if (axis == last) {
    addReduced(isInt, target, source, reduced + 4, 0, load<i32>(reduced), columns);
    return target + (usize(columns) << 2);
  }
  const stride = strideAt(kept, axis);
  for (let i = sizeAt(kept, axis); i > 0; i--, source += stride) {
    target = sumKept(isInt, target, source, kept, axis + 1, last, reduced, columns);
  }
  return target;
}

/**
 * Sums over some axes. `block` is the address of words: kept rank, then size and source stride of each kept axis (the
 * target is dense in them), reduced rank, then size and source stride of each reduced axis. `isInt`: ints, not floats.
 */
export function reduce_sum(x: usize, y: usize, block: usize, isInt: i32): void {
  const rank = load<i32>(block);
  const kept = block + 4;
  let count = 1;
  for (let axis = 0; axis < rank; axis++) count *= sizeAt(kept, axis);
  fill(y, 0, count);
  if (count == 0) return;
  const together = rank > 0 && sizeAt(kept, rank - 1) > 1 && strideAt(kept, rank - 1) == 4;
  const columns = together ? sizeAt(kept, rank - 1) : 1;
  sumKept(isInt, y, x, kept, 0, together ? rank - 1 : rank, kept + (usize(rank) << 3), columns);
}

/** Stores the lanes that lie below `end`; what comes after them keeps its bits. */
@inline
function storeUntil(target: usize, end: usize, x: v128): void {
  const lanes = i32((end - target) >> 2);
  v128.store(target, lanes >= 4 ? x : v128.bitselect(x, v128.load(target), firstLanes(lanes)));
}

@inline
function maxima<T>(x: usize, y: usize, outer: i32, length: i32, inner: i32): void {
  if (inner == 1) {
    rowMaxima<T>(y, x, outer, length);
    return;
  }
  const stride = usize(inner) << 2;
  for (; outer > 0; outer--, x += usize(length) * stride, y += stride) {
    for (let column: usize = 0; column < stride; column += 16) {
      let at = x + column;
      let best = v128.load(at);
      for (let k = 1; k < length; k++) best = larger<T>(best, v128.load((at += stride)));
      storeUntil(y + column, y + stride, best);
    }
  }
}

/** The maximum along the middle of [outer, length, inner]. */
export function reduce_max(x: usize, y: usize, outer: i32, length: i32, inner: i32, isInt: i32): void {
  if (isInt) maxima<i32>(x, y, outer, length, inner);
  else maxima<f32>(x, y, outer, length, inner);
}

@inline
function less<T>(x: v128, y: v128): v128 {
  return isInteger<T>() ? i32x4.lt_s(x, y) : f32x4.lt(x, y);
}

@inline
function equal<T>(x: v128, y: v128): v128 {
  return isInteger<T>() ? i32x4.eq(x, y) : f32x4.eq(x, y);
}

/** The index of the first maximum of a run: where the maximum is NaN, it is the first element. */
@inline
function placeOfMax<T>(at: usize, count: i32): i32 {
  const best = maxOfRun<T>(at, count);
  const wanted = i32x4.shuffle(best, best, 0, 0, 0, 0);
  let k = 0;
  for (; k + 4 <= count; k += 4) {
    const found = i32x4.bitmask(equal<T>(v128.load(at + (usize(k) << 2)), wanted));
    if (found) return k + ctz(found);
  }
  for (; k < count; k++) {
    if (i32x4.bitmask(equal<T>(v128.load32_splat(at + (usize(k) << 2)), wanted))) return k;
  }
  return 0;
}

@inline
function placesOfMaxima<T>(x: usize, y: usize, outer: i32, length: i32, inner: i32): void {
  const stride = usize(inner) << 2;
  for (; outer > 0; outer--, x += usize(length) * stride, y += stride) {
    if (inner == 1) {
      store<i32>(y, placeOfMax<T>(x, length));
      continue;
    }
    for (let column: usize = 0; column < stride; column += 16) {
      let at = x + column;
      let best = v128.load(at);
      let places = i32x4.splat(0);
      for (let k = 1; k < length; k++) {
        const next = v128.load((at += stride));
        const better = less<T>(best, next);
        best = v128.bitselect(next, best, better);
        places = v128.bitselect(i32x4.splat(k), places, better);
      }
      storeUntil(y + column, y + stride, places);
    }
  }
}

/** The index of the first maximum along the middle of [outer, length, inner], by the reference's rule for NaN. */
export function argmax(x: usize, y: usize, outer: i32, length: i32, inner: i32, isInt: i32): void {
  if (isInt) placesOfMaxima<i32>(x, y, outer, length, inner);
  else placesOfMaxima<f32>(x, y, outer, length, inner);
}

/** Whether element q goes before element p, where p comes first in memory. */
@inline
function goesBefore(x: usize, stride: usize, q: i32, p: i32, ascending: i32, isInt: i32): bool {
  const b = x + usize(q) * stride;
  const a = x + usize(p) * stride;
  if (isInt) return ascending ? load<i32>(b) < load<i32>(a) : load<i32>(b) > load<i32>(a);
  return ascending ? load<f32>(b) < load<f32>(a) : load<f32>(b) > load<f32>(a);
}

@inline
function wordAt(words: usize, i: i32): usize {
  return words + (usize(i) << 2);
}

/** Merges the sorted indices begin to middle and middle to end of one array into another. */
function merge(
  from: usize,
  to: usize,
  begin: i32,
  middle: i32,
  end: i32,
  x: usize,
  stride: usize,
  ascending: i32,
  isInt: i32,
): void {
  let left = begin;
  let right = middle;
  for (let k = begin; k < end; k++) {
    let takeRight = left >= middle;
    if (!takeRight && right < end) {
      takeRight = goesBefore(
        x,
        stride,
        load<i32>(wordAt(from, right)),
        load<i32>(wordAt(from, left)),
        ascending,
        isInt,
      );
    }
    store<i32>(wordAt(to, k), load<i32>(wordAt(from, takeRight ? right++ : left++)));
  }
}

/** Sorts a line's indices between two arrays of `length` words, and returns the one that holds the result. */
function sortLine(x: usize, stride: usize, length: i32, ascending: i32, isInt: i32, scratch: usize): usize {
  let from = scratch;
  let to = scratch + (usize(length) << 2);
  for (let i = 0; i < length; i++) store<i32>(wordAt(from, i), i);
  for (let width = 1; width < length; width <<= 1) {
    for (let begin = 0; begin < length; begin += width << 1) {
      const middle = min(begin + width, length);
      merge(from, to, begin, middle, min(middle + width, length), x, stride, ascending, isInt);
    }
    const swapped = from;
    from = to;
    to = swapped;
  }
  return from;
}

/** Indices that sort along the middle of [outer, length, inner], stable. `scratch`: 8 · length bytes. */
export function argsort(
  x: usize,
  y: usize,
  outer: i32,
  length: i32,
  inner: i32,
  ascending: i32,
  isInt: i32,
  scratch: usize,
): void {
  const stride = usize(inner) << 2;
  for (; outer > 0; outer--, x += usize(length) * stride, y += usize(length) * stride) {
    for (let at: usize = 0; at < stride; at += 4) {
      const order = sortLine(x + at, stride, length, ascending, isInt, scratch);
      for (let k = 0; k < length; k++) store<i32>(y + at + usize(k) * stride, load<i32>(wordAt(order, k)));
    }
  }
}

/** Running sums of a line, floats in float64; `step` is in bytes and may be negative. */
@inline
function cumulate<T>(x: usize, y: usize, length: i32, step: usize, exclusive: i32): void {
  let total: T = 0;
  for (; length > 0; length--, x += step, y += step) {
    const next = total + (isInteger<T>() ? <T>load<i32>(x) : <T>load<f32>(x));
    const out = exclusive ? total : next;
    if (isInteger<T>()) store<i32>(y, <i32>out);
    else store<f32>(y, <f32>out);
    total = next;
  }
}

/** Running sums of four neighbouring lines of floats. */
@inline
function cumulate4<T>(x: usize, y: usize, length: i32, step: usize, exclusive: i32): void {
  let total = i32x4.splat(0);
  for (; length > 0; length--, x += step, y += step) {
    const next = plus<T>(total, v128.load(x));
    v128.store(y, exclusive ? total : next);
    total = next;
  }
}

export function cumsum(
  x: usize,
  y: usize,
  outer: i32,
  length: i32,
  inner: i32,
  exclusive: i32,
  reverse: i32,
  isInt: i32,
): void {
  const stride = usize(inner) << 2;
  const bytes = usize(length) * stride;
  const start = reverse && length > 0 ? bytes - stride : 0;
  const step = reverse ? 0 - stride : stride;
  for (; outer > 0; outer--, x += bytes, y += bytes) {
    let at: usize = 0;
    for (; at + 16 <= stride; at += 16) {
      if (isInt) cumulate4<i32>(x + start + at, y + start + at, length, step, exclusive);
      else cumulate4<f32>(x + start + at, y + start + at, length, step, exclusive);
    }
    for (; at < stride; at += 4) {
      if (isInt) cumulate<i32>(x + start + at, y + start + at, length, step, exclusive);
      else cumulate<f64>(x + start + at, y + start + at, length, step, exclusive);
    }
  }
}
