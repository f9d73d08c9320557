import { ACCUMULATE, BIAS, RELU } from "../src/runtime/wasm/opcodes";
import { loadFew, multiplyAdd, sumLanes } from "./simd";

/** Writes the first `count` lanes `step` bytes apart; their biases are `biasStep` bytes apart. */
function put(x: v128, out: usize, step: usize, count: i32, flags: i32, bias: usize, biasStep: usize): void {
  if (flags == 0 && count == 4 && step == 4) {
    v128.store(out, x);
    return;
  }
  for (; count > 0; count--) {
    let y = f32x4.extract_lane(x, 0);
    if (flags & ACCUMULATE) y += load<f32>(out);
    if (flags & BIAS) y += load<f32>(bias);
    if (flags & RELU && y < 0) y = 0;
    store<f32>(out, y);
    x = v128.shuffle<f32>(x, x, 1, 2, 3, 0);
    out += step;
    bias += biasStep;
  }
}

/**
 * out[j] = Σ over l < k of vector[l] · matrix[j, l], for `count` rows `step` bytes apart. Missing rows of the last four
 * repeat the first of them.
 */
export function dots(
  vector: usize, matrix: usize, step: usize, count: i32, k: i32,
  out: usize, outStep: usize, flags: i32, bias: usize, biasStep: usize,
): void {
  for (; count > 0; count -= 4) {
    let p0 = matrix;
    let p1 = count > 1 ? p0 + step : p0;
    let p2 = count > 2 ? p1 + step : p0;
    let p3 = count > 3 ? p2 + step : p0;
    let q = vector;
    let x0 = f32x4.splat(0), x1 = x0, x2 = x0, x3 = x0, y0 = x0, y1 = x0, y2 = x0, y3 = x0;
    let l = k;
    for (; l > 7; l -= 8) {
      const u = v128.load(q);
      x0 = multiplyAdd(v128.load(p0), u, x0);
      x1 = multiplyAdd(v128.load(p1), u, x1);
      x2 = multiplyAdd(v128.load(p2), u, x2);
      x3 = multiplyAdd(v128.load(p3), u, x3);
      const v = v128.load(q, 16);
      y0 = multiplyAdd(v128.load(p0, 16), v, y0);
      y1 = multiplyAdd(v128.load(p1, 16), v, y1);
      y2 = multiplyAdd(v128.load(p2, 16), v, y2);
      y3 = multiplyAdd(v128.load(p3, 16), v, y3);
      q += 32;
      p0 += 32;
      p1 += 32;
      p2 += 32;
      p3 += 32;
    }
    if (l > 3) {
      const u = v128.load(q);
      x0 = multiplyAdd(v128.load(p0), u, x0);
      x1 = multiplyAdd(v128.load(p1), u, x1);
      x2 = multiplyAdd(v128.load(p2), u, x2);
      x3 = multiplyAdd(v128.load(p3), u, x3);
      q += 16;
      p0 += 16;
      p1 += 16;
      p2 += 16;
      p3 += 16;
      l -= 4;
    }
    if (l > 0) {
      const u = loadFew(q, l);
      y0 = multiplyAdd(loadFew(p0, l), u, y0);
      y1 = multiplyAdd(loadFew(p1, l), u, y1);
      y2 = multiplyAdd(loadFew(p2, l), u, y2);
      y3 = multiplyAdd(loadFew(p3, l), u, y3);
    }
    const sums = sumLanes(f32x4.add(x0, y0), f32x4.add(x1, y1), f32x4.add(x2, y2), f32x4.add(x3, y3));
    put(sums, out, outStep, min(count, 4), flags, bias, biasStep);
    matrix += 4 * step;
    out += 4 * outStep;
    bias += 4 * biasStep;
  }
}

/** out[j] = Σ over l < k of vector[l] · matrix[l, j], for `count` columns; rows are `step` bytes apart. */
export function combine(
  vector: usize, vectorStep: usize, matrix: usize, step: usize, count: i32, k: i32,
  out: usize, outStep: usize, flags: i32, bias: usize, biasStep: usize,
): void {
  for (; count > 31; count -= 32) {
    let p = matrix;
    let q = vector;
    let x0 = f32x4.splat(0), x1 = x0, x2 = x0, x3 = x0, x4 = x0, x5 = x0, x6 = x0, x7 = x0;
    for (let l = k; l > 0; l--) {
      const w = v128.load32_splat(q);
      x0 = multiplyAdd(w, v128.load(p), x0);
      x1 = multiplyAdd(w, v128.load(p, 16), x1);
      x2 = multiplyAdd(w, v128.load(p, 32), x2);
      x3 = multiplyAdd(w, v128.load(p, 48), x3);
      x4 = multiplyAdd(w, v128.load(p, 64), x4);
      x5 = multiplyAdd(w, v128.load(p, 80), x5);
      x6 = multiplyAdd(w, v128.load(p, 96), x6);
      x7 = multiplyAdd(w, v128.load(p, 112), x7);
      p += step;
      q += vectorStep;
    }
    put(x0, out, outStep, 4, flags, bias, biasStep);
    put(x1, out + 4 * outStep, outStep, 4, flags, bias + 4 * biasStep, biasStep);
    put(x2, out + 8 * outStep, outStep, 4, flags, bias + 8 * biasStep, biasStep);
    put(x3, out + 12 * outStep, outStep, 4, flags, bias + 12 * biasStep, biasStep);
    put(x4, out + 16 * outStep, outStep, 4, flags, bias + 16 * biasStep, biasStep);
    put(x5, out + 20 * outStep, outStep, 4, flags, bias + 20 * biasStep, biasStep);
    put(x6, out + 24 * outStep, outStep, 4, flags, bias + 24 * biasStep, biasStep);
    put(x7, out + 28 * outStep, outStep, 4, flags, bias + 28 * biasStep, biasStep);
    matrix += 128;
    out += 32 * outStep;
    bias += 32 * biasStep;
  }
  for (; count > 0; count -= 4) {
    let p = matrix;
    let q = vector;
    let x = f32x4.splat(0);
    if (count > 3) {
      for (let l = k; l > 0; l--) {
        x = multiplyAdd(v128.load32_splat(q), v128.load(p), x);
        p += step;
        q += vectorStep;
      }
    } else {
      for (let l = k; l > 0; l--) {
        x = multiplyAdd(v128.load32_splat(q), loadFew(p, count), x);
        p += step;
        q += vectorStep;
      }
    }
    put(x, out, outStep, min(count, 4), flags, bias, biasStep);
    matrix += 16;
    out += 4 * outStep;
    bias += 4 * biasStep;
  }
}

/** As dots, for a vector whose elements are `vectorStep` bytes apart. */
export function spreadDots(
  vector: usize, vectorStep: usize, matrix: usize, step: usize, count: i32, k: i32,
  out: usize, outStep: usize, flags: i32, bias: usize, biasStep: usize,
): void {
  for (; count > 0; count--) {
    let q = vector;
    let sum: f32 = 0;
    for (let l = 0; l < k; l++) {
      sum += load<f32>(q) * load<f32>(matrix + (l << 2));
      q += vectorStep;
    }
    put(f32x4.splat(sum), out, outStep, 1, flags, bias, biasStep);
    matrix += step;
    out += outStep;
    bias += biasStep;
  }
}
