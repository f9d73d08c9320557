import { copyRun } from "./shape";

/** Whether each of `count` indices is at least 0 and less than `size`. */
function allInside(indices: usize, count: i32, size: i32): bool {
  const end = indices + (usize(count) << 2);
  for (; indices < end; indices += 4) {
    if (load<u32>(indices) >= u32(size)) return false;
  }
  return true;
}

/** out[o, i] = x[o, indices[i]], rows of `inner` elements; returns 1 (and reads nothing outside) where an index is outside. */
export function gather(
  x: usize,
  indices: usize,
  out: usize,
  outer: i32,
  size: i32,
  count: i32,
  inner: i32,
): i32 {
  if (!allInside(indices, count, size)) return 1;
  const row = usize(inner) << 2;
  const end = indices + (usize(count) << 2);
  for (; outer > 0; outer--, x += usize(size) * row) {
    if (inner == 1) {
      for (let at = indices; at < end; at += 4, out += 4) {
        store<i32>(out, load<i32>(x + (usize(load<u32>(at)) << 2)));
      }
    } else {
      for (let at = indices; at < end; at += 4, out += row) {
        copyRun(x + usize(load<u32>(at)) * row, out, inner);
      }
    }
  }
  return 0;
}

@inline
function addRun(target: usize, source: usize, count: i32): void {
  const end = target + (usize(count) << 2);
  const vectors = target + (usize(count & ~3) << 2);
  for (; target < vectors; target += 16, source += 16) {
    v128.store(target, f32x4.add(v128.load(target), v128.load(source)));
  }
  for (; target < end; target += 4, source += 4) store<f32>(target, load<f32>(target) + load<f32>(source));
}

/** Zeros of [rows, inner] with updates[i] added to row indices[i]; 1 where an index is outside. */
export function scatter_add(
  indices: usize,
  updates: usize,
  out: usize,
  count: i32,
  rows: i32,
  inner: i32,
): i32 {
  if (!allInside(indices, count, rows)) return 1;
  const row = usize(inner) << 2;
  memory.fill(out, 0, usize(rows) * row);
  for (; count > 0; count--, indices += 4, updates += row) {
    addRun(out + usize(load<u32>(indices)) * row, updates, inner);
  }
  return 0;
}
