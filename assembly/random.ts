// Threefry-2x32 with 20 rounds, four blocks at a time; bit for bit src/runtime/random.ts.

@inline
function rotated(x: v128, by: i32): v128 {
  return v128.or(i32x4.shl(x, by), i32x4.shr_u(x, 32 - by));
}

@inline
function uniform(bits: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(bits, 8)), f32x4.splat(5.9604644775390625e-8));
}

/**
 * Writes the uniform floats of elements `at` to `at + count`, and up to the next multiple of 4; `at` is even.
 * Block i has the counter (i, step) and gives elements 2i and 2i + 1.
 */
export function uniforms(target: usize, at: i32, count: i32, seed: i32, step: i32, stream: i32): void {
  const key0 = i32x4.splat(seed);
  const key1 = i32x4.splat(stream);
  const key2 = i32x4.splat(0x1bd11bda ^ seed ^ stream);
  const start1 = i32x4.splat(step + stream);
  let block = i32x4.add(i32x4.splat(at >> 1), i32x4(0, 1, 2, 3));
  for (let left = count; left > 0; left -= 8) {
    let x0 = i32x4.add(block, key0);
    let x1 = start1;
    // The keys of the next two injections: (1, 2) and (2, 0), then (0, 1) and (1, 2), then (2, 0).
    let first = key1;
    let second = key2;
    let third = key0;
    for (let group = 1; ; group += 2) {
      x0 = i32x4.add(x0, x1);
      x1 = v128.xor(rotated(x1, 13), x0);
      x0 = i32x4.add(x0, x1);
      x1 = v128.xor(rotated(x1, 15), x0);
      x0 = i32x4.add(x0, x1);
      x1 = v128.xor(rotated(x1, 26), x0);
      x0 = i32x4.add(x0, x1);
      x1 = v128.xor(rotated(x1, 6), x0);
      x0 = i32x4.add(x0, first);
      x1 = i32x4.add(i32x4.add(x1, second), i32x4.splat(group));
      if (group == 5) break;
      x0 = i32x4.add(x0, x1);
      x1 = v128.xor(rotated(x1, 17), x0);
      x0 = i32x4.add(x0, x1);
      x1 = v128.xor(rotated(x1, 29), x0);
      x0 = i32x4.add(x0, x1);
      x1 = v128.xor(rotated(x1, 16), x0);
      x0 = i32x4.add(x0, x1);
      x1 = v128.xor(rotated(x1, 24), x0);
      x0 = i32x4.add(x0, second);
      x1 = i32x4.add(i32x4.add(x1, third), i32x4.splat(group + 1));
      const passed = first;
      first = third;
      third = second;
      second = passed;
    }
    v128.store(target, uniform(i32x4.shuffle(x0, x1, 0, 4, 1, 5)));
    if (left > 4) v128.store(target, uniform(i32x4.shuffle(x0, x1, 2, 6, 3, 7)), 16);
    target += 32;
    block = i32x4.add(block, i32x4.splat(4));
  }
}
