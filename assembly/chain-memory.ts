// Instructions of a chain that fill a tile from memory or from another length. A tile's end is rounded up to whole
// vectors; writes go in order, so that what one row's last vector writes too far the next row writes again.

@inline
function roundedUp(bytes: usize): usize {
  return (bytes + 15) & -16;
}

@inline
export function zero(target: usize, limit: usize): void {
  for (; target < limit; target += 16) v128.store(target, i32x4.splat(0));
}

/** Each of `rows` elements `row` times. */
export function expand(target: usize, source: usize, rows: i32, row: i32): void {
  const limit = target + roundedUp(usize(rows * row) << 2);
  const width = usize(row) << 2;
  for (let i = 0; i < rows; i++, source += 4) {
    const end = target + width;
    const value = v128.load32_splat(source);
    for (; target < end && target + 16 <= limit; target += 16) v128.store(target, value);
    for (; target < end; target += 4) store<i32>(target, i32x4.extract_lane(value, 0));
    target = end;
  }
}

/** `count` elements: the vector of `row` elements again and again. */
export function repeat(target: usize, source: usize, count: i32, row: i32): void {
  const limit = target + roundedUp(usize(count) << 2);
  // Four rows are whole vectors, whatever the row: from there on the tile repeats itself.
  const period = row & 3 ? row << 2 : row;
  for (let at = 0; at < period && at < count; at += row) {
    gatherRun(target + (usize(at) << 2), source, 4, min(row, count - at));
  }
  const back = usize(period) << 2;
  for (target += back; target < limit; target += 16) v128.store(target, v128.load(target - back));
}

/** (element / every) mod size, for `count` elements from `at`. */
export function counts(target: usize, at: i32, count: i32, every: i32, size: i32): void {
  const end = target + (usize(count) << 2);
  let value = (at / every) % size;
  let left = every - (at % every);
  for (; target < end; target += 4) {
    store<i32>(target, value);
    if (--left == 0) {
      left = every;
      value = value + 1 == size ? 0 : value + 1;
    }
  }
}

/** `count` elements from `source` on, `stride` bytes apart. */
export function gatherRun(target: usize, source: usize, stride: usize, count: i32): void {
  const end = target + (usize(count) << 2);
  const vectors = target + (usize(count & ~3) << 2);
  if (stride == 4) {
    for (; target < vectors; target += 16, source += 16) v128.store(target, v128.load(source));
  } else if (stride == 0) {
    const value = v128.load32_splat(source);
    for (; target < vectors; target += 16) v128.store(target, value);
  } else {
    for (; target < vectors; target += 16) {
      store<i32>(target, load<i32>(source));
      store<i32>(target, load<i32>(source + stride), 4);
      source += stride << 1;
      store<i32>(target, load<i32>(source), 8);
      store<i32>(target, load<i32>(source + stride), 12);
      source += stride << 1;
    }
  }
  for (; target < end; target += 4, source += stride) store<i32>(target, load<i32>(source));
}

/** The size of the axis that is `back` from the last, 1 where there is none. */
@inline
function sizeAt(axes: usize, rank: i32, back: i32): i32 {
  return back < rank ? load<i32>(axes + (usize(rank - 1 - back) << 3), 4) : 1;
}

/** Its stride in bytes. */
@inline
function strideAt(axes: usize, rank: i32, back: i32): i32 {
  return back < rank ? load<i32>(axes + (usize(rank - 1 - back) << 3), 8) << 2 : 0;
}

/** The place in bytes of element `index`, row-major over all axes but the last three. */
function outerPlace(axes: usize, rank: i32, index: i32): i32 {
  let place = 0;
  for (let back = 3; back < rank; back++) {
    const size = sizeAt(axes, rank, back);
    place += (index % size) * strideAt(axes, rank, back);
    index /= size;
  }
  return place;
}

/**
 * Elements `at` to `at + count` of a strided view of `source`, row-major. `axes` is the address of the words rank,
 * then size and stride in elements of each axis.
 */
export function loadStrided(target: usize, source: usize, axes: usize, at: i32, count: i32): void {
  const rank = load<i32>(axes);
  const size0 = sizeAt(axes, rank, 0);
  const size1 = sizeAt(axes, rank, 1);
  const size2 = sizeAt(axes, rank, 2);
  const stride0 = strideAt(axes, rank, 0);
  const stride1 = strideAt(axes, rank, 1);
  const stride2 = strideAt(axes, rank, 2);
  let i0 = at % size0;
  let rest = at / size0;
  let i1 = rest % size1;
  rest /= size1;
  let i2 = rest % size2;
  rest /= size2;
  let outer = outerPlace(axes, rank, rest);
  while (count > 0) {
    const run = min(size0 - i0, count);
    gatherRun(
      target,
      source + usize(outer + i2 * stride2 + i1 * stride1 + i0 * stride0),
      usize(stride0),
      run,
    );
    target += usize(run) << 2;
    count -= run;
    i0 = 0;
    if (++i1 < size1) continue;
    i1 = 0;
    if (++i2 < size2) continue;
    i2 = 0;
    outer = outerPlace(axes, rank, ++rest);
  }
}
