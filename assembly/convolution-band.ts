import { loadFew, storeFew } from "./simd";

/** Copies so many floats. */
@inline
function copyFloats(source: usize, target: usize, count: i32): void {
  for (; count > 3; count -= 4) {
    v128.store(target, v128.load(source));
    source += 16;
    target += 16;
  }
  if (count > 0) storeFew(target, loadFew(source, count), count);
}

/** Writes so many zeros. */
@inline
function clearFloats(target: usize, count: i32): void {
  const zero = f32x4.splat(0);
  for (; count > 3; count -= 4) {
    v128.store(target, zero);
    target += 16;
  }
  if (count > 0) storeFew(target, zero, count);
}

/**
 * Copies rows y … y + rows and columns x … x + columns of an image [height, width, channels] to `target`, densely; what
 * lies outside the image becomes zeros.
 */
export function copyBand(
  image: usize, height: i32, width: i32, channels: i32, y: i32, x: i32, rows: i32, columns: i32, target: usize,
): void {
  const before = min(columns, max(0, -x)) * channels;
  const after = min(columns, max(0, x + columns - width)) * channels;
  const inside = columns * channels - before - after;
  const pitch = <usize>(columns * channels) << 2;
  for (let i = y; i < y + rows; i++) {
    if (i < 0 || i >= height || inside <= 0) {
      clearFloats(target, columns * channels);
    } else {
      clearFloats(target, before);
      copyFloats(image + (((i * width + max(x, 0)) * channels) << 2), target + (before << 2), inside);
      clearFloats(target + ((before + inside) << 2), after);
    }
    target += pitch;
  }
}
