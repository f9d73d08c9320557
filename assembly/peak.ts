import { multiplyAdd } from "./simd";

/** `steps` rounds of eight independent multiply-adds in registers: 64 · steps operations. */
export function peak8(steps: i32, x: f32, y: f32): f32 {
  const a = f32x4.splat(x);
  const b = f32x4.splat(y);
  let c0 = a, c1 = a, c2 = a, c3 = a, c4 = a, c5 = a, c6 = a, c7 = a;
  for (; steps > 0; steps--) {
    c0 = multiplyAdd(c0, a, b);
    c1 = multiplyAdd(c1, a, b);
    c2 = multiplyAdd(c2, a, b);
    c3 = multiplyAdd(c3, a, b);
    c4 = multiplyAdd(c4, a, b);
    c5 = multiplyAdd(c5, a, b);
    c6 = multiplyAdd(c6, a, b);
    c7 = multiplyAdd(c7, a, b);
  }
  return lane(sum4(c0, c1, c2, c3)) + lane(sum4(c4, c5, c6, c7));
}

/** As peak8, ten of them: 80 · steps operations. */
export function peak10(steps: i32, x: f32, y: f32): f32 {
  const a = f32x4.splat(x);
  const b = f32x4.splat(y);
  let c0 = a, c1 = a, c2 = a, c3 = a, c4 = a, c5 = a, c6 = a, c7 = a, c8 = a, c9 = a;
  for (; steps > 0; steps--) {
    c0 = multiplyAdd(c0, a, b);
    c1 = multiplyAdd(c1, a, b);
    c2 = multiplyAdd(c2, a, b);
    c3 = multiplyAdd(c3, a, b);
    c4 = multiplyAdd(c4, a, b);
    c5 = multiplyAdd(c5, a, b);
    c6 = multiplyAdd(c6, a, b);
    c7 = multiplyAdd(c7, a, b);
    c8 = multiplyAdd(c8, a, b);
    c9 = multiplyAdd(c9, a, b);
  }
  return lane(sum4(c0, c1, c2, c3)) + lane(sum4(c4, c5, c6, c7)) + lane(c8) + lane(c9);
}

/** As peak8, twelve of them: 96 · steps operations. */
export function peak12(steps: i32, x: f32, y: f32): f32 {
  const a = f32x4.splat(x);
  const b = f32x4.splat(y);
  let c0 = a, c1 = a, c2 = a, c3 = a, c4 = a, c5 = a, c6 = a, c7 = a, c8 = a, c9 = a, c10 = a, c11 = a;
  for (; steps > 0; steps--) {
    c0 = multiplyAdd(c0, a, b);
    c1 = multiplyAdd(c1, a, b);
    c2 = multiplyAdd(c2, a, b);
    c3 = multiplyAdd(c3, a, b);
    c4 = multiplyAdd(c4, a, b);
    c5 = multiplyAdd(c5, a, b);
    c6 = multiplyAdd(c6, a, b);
    c7 = multiplyAdd(c7, a, b);
    c8 = multiplyAdd(c8, a, b);
    c9 = multiplyAdd(c9, a, b);
    c10 = multiplyAdd(c10, a, b);
    c11 = multiplyAdd(c11, a, b);
  }
  return lane(sum4(c0, c1, c2, c3)) + lane(sum4(c4, c5, c6, c7)) + lane(sum4(c8, c9, c10, c11));
}

@inline
function sum4(a: v128, b: v128, c: v128, d: v128): v128 {
  return f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
}

@inline
function lane(a: v128): f32 {
  return f32x4.extract_lane(a, 0);
}
