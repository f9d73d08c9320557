import { loadPart } from "./simd";

/** Copies `columns` (1 to 8) of `rows` rows `step` bytes apart to rows of `width` (4 or 8) floats, filled up with zeros. */
export function packRows(source: usize, step: usize, rows: i32, columns: i32, width: i32, target: usize): void {
  if (columns == 8) {
    for (; rows > 0; rows--) {
      v128.store(target, v128.load(source));
      v128.store(target, v128.load(source, 16), 16);
      source += step;
      target += 32;
    }
    return;
  }
  for (; rows > 0; rows--) {
    v128.store(target, loadPart(source, columns));
    if (width > 4) v128.store(target, loadPart(source + 16, columns - 4), 16);
    source += step;
    target += width << 2;
  }
}

/** As packRows, where the source's rows are columns: element l of column j stands at source + j · step + 4 · l. */
export function packColumns(source: usize, step: usize, rows: i32, columns: i32, width: i32, target: usize): void {
  for (let j = 0; j < columns; j += 4) {
    packFour(source + j * step, step, rows, min(columns - j, 4), target + (j << 2), width << 2);
  }
}

/** Copies up to four rows of `length` floats to the columns of rows `targetStep` bytes apart; missing ones become zeros. */
export function packFour(
  source: usize, step: usize, length: i32, count: i32, target: usize, targetStep: usize,
): void {
  if (count == 4) {
    for (; length > 3; length -= 4) {
      const a = v128.load(source);
      const b = v128.load(source + step);
      const c = v128.load(source + 2 * step);
      const d = v128.load(source + 3 * step);
      const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
      const ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
      const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
      const cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
      v128.store(target, v128.shuffle<f64>(ab0, cd0, 0, 2));
      v128.store(target + targetStep, v128.shuffle<f64>(ab0, cd0, 1, 3));
      v128.store(target + 2 * targetStep, v128.shuffle<f64>(ab1, cd1, 0, 2));
      v128.store(target + 3 * targetStep, v128.shuffle<f64>(ab1, cd1, 1, 3));
      source += 16;
      target += 4 * targetStep;
    }
  }
  for (; length > 0; length--) {
    let x = v128.load32_zero(source);
    if (count > 1) x = v128.load_lane<f32>(source + step, x, 1);
    if (count > 2) x = v128.load_lane<f32>(source + 2 * step, x, 2);
    if (count > 3) x = v128.load_lane<f32>(source + 3 * step, x, 3);
    v128.store(target, x);
    source += 4;
    target += targetStep;
  }
}

/** Packs `rows` rows of a by `k` into fours: panels of [k][4], one after another. */
export function packLeft(a: usize, lda: usize, transposed: bool, rows: i32, k: i32, target: usize): void {
  const panel = <usize>k << 4;
  // Sixteen floats are a line of the cache, read once.
  for (; transposed && rows > 15; rows -= 16) {
    let from = a;
    let to = target;
    for (let l = k; l > 0; l--) {
      v128.store(to, v128.load(from));
      v128.store(to + panel, v128.load(from, 16));
      v128.store(to + 2 * panel, v128.load(from, 32));
      v128.store(to + 3 * panel, v128.load(from, 48));
      from += lda;
      to += 16;
    }
    a += 64;
    target += 4 * panel;
  }
  for (; rows > 0; rows -= 4) {
    const count = min(rows, 4);
    if (transposed) {
      packRows(a, lda, k, count, 4, target);
      a += 16;
    } else {
      packFour(a, lda, k, count, target, 16);
      a += 4 * lda;
    }
    target += panel;
  }
}
