/** a · b + c in each lane, rounded once where the host has relaxed SIMD. */
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (RELAXED) {
    return f32x4.relaxed_madd(a, b, c);
  } else {
    return f32x4.add(f32x4.mul(a, b), c);
  }
}

/** The first `count` floats at an address, 1 to 3, and zeros; reads nothing past them. */
@inline
export function loadFew(at: usize, count: i32): v128 {
  if (count == 1) return v128.load32_zero(at);
  const two = v128.load64_zero(at);
  return count == 2 ? two : v128.load_lane<f32>(at, two, 2, 8);
}

/** Writes the first `count` lanes, 1 to 3. */
@inline
export function storeFew(at: usize, x: v128, count: i32): void {
  if (count == 1) {
    v128.store_lane<f32>(at, x, 0);
  } else {
    v128.store_lane<f64>(at, x, 0);
    if (count == 3) v128.store_lane<f32>(at, x, 2, 8);
  }
}

/** The first `count` floats at an address, any number from 4 meaning four. */
@inline
export function loadPart(at: usize, count: i32): v128 {
  return count >= 4 ? v128.load(at) : loadFew(at, count);
}

/** Writes the first `count` lanes, any number from 4 meaning four. */
@inline
export function storePart(at: usize, x: v128, count: i32): void {
  if (count >= 4) v128.store(at, x);
  else storeFew(at, x, count);
}

/** Four floats in memory, `step` bytes apart. */
@inline
export function loadSpread(at: usize, step: usize): v128 {
  let x = v128.load32_zero(at);
  x = v128.load_lane<f32>(at + step, x, 1);
  x = v128.load_lane<f32>(at + 2 * step, x, 2);
  return v128.load_lane<f32>(at + 3 * step, x, 3);
}

/** The sums of the lanes of four vectors. */
@inline
export function sumLanes(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  const ab = f32x4.add(ab0, ab1);
  const cd = f32x4.add(cd0, cd1);
  return f32x4.add(v128.shuffle<f64>(ab, cd, 0, 2), v128.shuffle<f64>(ab, cd, 1, 3));
}
