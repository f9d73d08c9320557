// Sums and maxima of a tile, of f32 or i32.

@inline
export function plus<T>(x: v128, y: v128): v128 {
  return isInteger<T>() ? i32x4.add(x, y) : f32x4.add(x, y);
}

/** The larger lanes; of floats x where it is NaN or y is. */
@inline
export function larger<T>(x: v128, y: v128): v128 {
  return isInteger<T>() ? i32x4.max_s(x, y) : f32x4.pmax(x, y);
}

@inline
function halves(x: v128): v128 {
  return i32x4.shuffle(x, x, 2, 3, 0, 1);
}

@inline
function neighbours(x: v128): v128 {
  return i32x4.shuffle(x, x, 1, 0, 3, 2);
}

/** The sum of the four lanes, in each lane. */
@inline
export function laneSum<T>(x: v128): v128 {
  const pairs = plus<T>(x, halves(x));
  return plus<T>(pairs, neighbours(pairs));
}

@inline
function laneMax<T>(x: v128): v128 {
  const pairs = larger<T>(x, halves(x));
  return larger<T>(pairs, neighbours(pairs));
}

/** The lanes below `count`. */
@inline
export function firstLanes(count: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count));
}

/** In lane 0 the sum of `count` elements. */
export function sumOfRun<T>(at: usize, count: i32): v128 {
  const end = at + (usize(count) << 2);
  let total = i32x4.splat(0);
  if (count >= 4) {
    if (count >= 16) {
      let second = total;
      let third = total;
      let fourth = total;
      for (const last = end - 64; at <= last; at += 64) {
        total = plus<T>(total, v128.load(at));
        second = plus<T>(second, v128.load(at, 16));
        third = plus<T>(third, v128.load(at, 32));
        fourth = plus<T>(fourth, v128.load(at, 48));
      }
      total = plus<T>(plus<T>(total, second), plus<T>(third, fourth));
    }
    for (const last = end - 16; at <= last; at += 16) total = plus<T>(total, v128.load(at));
    total = laneSum<T>(total);
  }
  for (; at < end; at += 4) total = plus<T>(total, v128.load32_zero(at));
  return total;
}

/** In lane 0 the maximum of `count` elements, by the reference's rule: NaN counts only where it comes first. */
export function maxOfRun<T>(at: usize, count: i32): v128 {
  const end = at + (usize(count) << 2);
  let best = v128.load32_splat(at);
  if (count >= 4) {
    let second = best;
    for (const last = end - 32; at <= last; at += 32) {
      best = larger<T>(best, v128.load(at));
      second = larger<T>(second, v128.load(at, 16));
    }
    best = larger<T>(best, second);
    for (const last = end - 16; at <= last; at += 16) best = larger<T>(best, v128.load(at));
    best = laneMax<T>(best);
  }
  for (; at < end; at += 4) best = larger<T>(best, v128.load32_splat(at));
  return best;
}

export function rowSums<T>(target: usize, source: usize, rows: i32, row: i32): void {
  const width = usize(row) << 2;
  for (const end = target + (usize(rows) << 2); target < end; target += 4, source += width) {
    v128.store_lane<i32>(target, sumOfRun<T>(source, row), 0);
  }
}

export function rowMaxima<T>(target: usize, source: usize, rows: i32, row: i32): void {
  const width = usize(row) << 2;
  for (const end = target + (usize(rows) << 2); target < end; target += 4, source += width) {
    v128.store_lane<i32>(target, maxOfRun<T>(source, row), 0);
  }
}

@inline
function addTo<T>(target: usize, x: v128): void {
  v128.store(target, plus<T>(v128.load(target), x));
}

/** Adds 16 columns from `source` on; rows are `stride` bytes apart. */
@inline
function addColumns16<T>(target: usize, source: usize, rows: i32, stride: usize): void {
  let first = i32x4.splat(0);
  let second = first;
  let third = first;
  let fourth = first;
  for (; rows > 0; rows--, source += stride) {
    first = plus<T>(first, v128.load(source));
    second = plus<T>(second, v128.load(source, 16));
    third = plus<T>(third, v128.load(source, 32));
    fourth = plus<T>(fourth, v128.load(source, 48));
  }
  addTo<T>(target, first);
  addTo<T>(target + 16, second);
  addTo<T>(target + 32, third);
  addTo<T>(target + 48, fourth);
}

/** Adds 4 columns, or the `lanes` of them that there are: other lanes keep their bits. */
@inline
function addColumns4<T>(target: usize, source: usize, rows: i32, stride: usize, lanes: i32): void {
  let first = i32x4.splat(0);
  let second = first;
  for (; rows > 1; rows -= 2, source += stride << 1) {
    first = plus<T>(first, v128.load(source));
    second = plus<T>(second, v128.load(source + stride));
  }
  if (rows > 0) first = plus<T>(first, v128.load(source));
  const before = v128.load(target);
  const after = plus<T>(before, plus<T>(first, second));
  v128.store(target, v128.bitselect(after, before, firstLanes(lanes)));
}

/** Adds `rows` rows of `columns` elements, `stride` bytes apart, to a vector of `columns` elements. */
export function columnSums<T>(target: usize, source: usize, rows: i32, stride: usize, columns: i32): void {
  for (; columns >= 16; columns -= 16, target += 64, source += 64) {
    addColumns16<T>(target, source, rows, stride);
  }
  for (; columns > 0; columns -= 4, target += 16, source += 16) {
    addColumns4<T>(target, source, rows, stride, columns);
  }
}

/** Adds `count` elements to the target's four lanes. */
export function totalSum<T>(target: usize, source: usize, count: i32): void {
  const end = source + (usize(count & ~3) << 2);
  let first = v128.load(target);
  let second = i32x4.splat(0);
  let third = second;
  let fourth = second;
  for (; source + 64 <= end; source += 64) {
    first = plus<T>(first, v128.load(source));
    second = plus<T>(second, v128.load(source, 16));
    third = plus<T>(third, v128.load(source, 32));
    fourth = plus<T>(fourth, v128.load(source, 48));
  }
  for (; source < end; source += 16) second = plus<T>(second, v128.load(source));
  if (count & 3) third = plus<T>(third, v128.and(v128.load(source), firstLanes(count & 3)));
  v128.store(target, plus<T>(plus<T>(first, second), plus<T>(third, fourth)));
}
