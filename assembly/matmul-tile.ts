import { ACCUMULATE, BIAS, RELU } from "../src/runtime/wasm/opcodes";
import { loadPart, multiplyAdd, storePart } from "./simd";

/** Ends four rows of eight columns: what is added to them, relu, and the stores. */
@inline
function store8(
  c0: usize, c1: usize, c2: usize, c3: usize,
  x0: v128, x1: v128, x2: v128, x3: v128, y0: v128, y1: v128, y2: v128, y3: v128,
  columns: i32, flags: i32, bias: usize,
): void {
  const more = columns - 4;
  if (flags & ACCUMULATE) {
    x0 = f32x4.add(x0, v128.load(c0));
    y0 = f32x4.add(y0, loadPart(c0 + 16, more));
    x1 = f32x4.add(x1, v128.load(c1));
    y1 = f32x4.add(y1, loadPart(c1 + 16, more));
    x2 = f32x4.add(x2, v128.load(c2));
    y2 = f32x4.add(y2, loadPart(c2 + 16, more));
    x3 = f32x4.add(x3, v128.load(c3));
    y3 = f32x4.add(y3, loadPart(c3 + 16, more));
  }
  if (flags & BIAS) {
    const u = v128.load(bias);
    const v = loadPart(bias + 16, more);
    x0 = f32x4.add(x0, u);
    y0 = f32x4.add(y0, v);
    x1 = f32x4.add(x1, u);
    y1 = f32x4.add(y1, v);
    x2 = f32x4.add(x2, u);
    y2 = f32x4.add(y2, v);
    x3 = f32x4.add(x3, u);
    y3 = f32x4.add(y3, v);
  }
  if (flags & RELU) {
    const zero = f32x4.splat(0);
    x0 = f32x4.pmax(x0, zero);
    y0 = f32x4.pmax(y0, zero);
    x1 = f32x4.pmax(x1, zero);
    y1 = f32x4.pmax(y1, zero);
    x2 = f32x4.pmax(x2, zero);
    y2 = f32x4.pmax(y2, zero);
    x3 = f32x4.pmax(x3, zero);
    y3 = f32x4.pmax(y3, zero);
  }
  v128.store(c0, x0);
  v128.store(c1, x1);
  v128.store(c2, x2);
  v128.store(c3, x3);
  storePart(c0 + 16, y0, more);
  storePart(c1 + 16, y1, more);
  storePart(c2 + 16, y2, more);
  storePart(c3 + 16, y3, more);
}

/**
 * Up to eight columns of a product: c[i] = Σ over l < k of a[i, l] · b[l], with rows of b `bStep` bytes apart.
 * Directly, a[i, l] stands at a + i · aRow + l · aStep inside each four rows, which are `aTile` bytes apart, and c[i] at
 * c + i · cRow. Indirectly, `aRow` is the address of pairs of offsets of rows, from a and from c, and `aStep` that of
 * offsets of l. Missing rows of the last four repeat the first of them, and what they store is what it stores.
 */
@inline
function tiles8(
  indirect: bool, a: usize, aRow: usize, aStep: usize, aTile: usize, m: i32, k: i32,
  b: usize, bStep: usize, c: usize, cRow: usize, columns: i32, flags: i32, bias: usize,
): void {
  for (; m > 0; m -= 4) {
    let p0 = a, p1 = a, p2 = a, p3 = a;
    let q = b;
    let l = aStep;
    let c0 = c, c1 = c, c2 = c, c3 = c;
    if (indirect) {
      const row1 = m > 1 ? aRow + 8 : aRow;
      const row2 = m > 2 ? aRow + 16 : aRow;
      const row3 = m > 3 ? aRow + 24 : aRow;
      p0 = a + load<u32>(aRow);
      p1 = a + load<u32>(row1);
      p2 = a + load<u32>(row2);
      p3 = a + load<u32>(row3);
      c0 = c + load<u32>(aRow, 4);
      c1 = c + load<u32>(row1, 4);
      c2 = c + load<u32>(row2, 4);
      c3 = c + load<u32>(row3, 4);
    } else {
      if (m > 1) p1 = a + aRow, c1 = c + cRow;
      if (m > 2) p2 = a + 2 * aRow, c2 = c + 2 * cRow;
      if (m > 3) p3 = a + 3 * aRow, c3 = c + 3 * cRow;
    }
    let x0 = f32x4.splat(0), x1 = x0, x2 = x0, x3 = x0, y0 = x0, y1 = x0, y2 = x0, y3 = x0;
    for (let i = k; i > 0; i--) {
      const step = indirect ? <usize>load<u32>(l) : 0;
      const u = v128.load(q);
      const v = v128.load(q, 16);
      let w = v128.load32_splat(p0 + step);
      x0 = multiplyAdd(w, u, x0);
      y0 = multiplyAdd(w, v, y0);
      w = v128.load32_splat(p1 + step);
      x1 = multiplyAdd(w, u, x1);
      y1 = multiplyAdd(w, v, y1);
      w = v128.load32_splat(p2 + step);
      x2 = multiplyAdd(w, u, x2);
      y2 = multiplyAdd(w, v, y2);
      w = v128.load32_splat(p3 + step);
      x3 = multiplyAdd(w, u, x3);
      y3 = multiplyAdd(w, v, y3);
      q += bStep;
      if (indirect) {
        l += 4;
      } else {
        p0 += aStep;
        p1 += aStep;
        p2 += aStep;
        p3 += aStep;
      }
    }
    store8(c0, c1, c2, c3, x0, x1, x2, x3, y0, y1, y2, y3, columns, flags, bias);
    if (indirect) {
      aRow += 32;
    } else {
      a += aTile;
      c += 4 * cRow;
    }
  }
}

/**
 * As tiles8, of whole fours of rows packed one after another, [k][4]. One address for all four of them and eight steps of
 * k to a loop leave little but multiply-adds; that each step may be the last keeps the compiler from gathering the loads
 * of several, for which there are no registers.
 */
@inline
function packedTiles8(
  a: usize, m: i32, k: i32, b: usize, c: usize, cRow: usize, columns: i32, flags: i32, bias: usize,
): void {
  for (; m > 3; m -= 4) {
    let q = b;
    let x0 = f32x4.splat(0), x1 = x0, x2 = x0, x3 = x0, y0 = x0, y1 = x0, y2 = x0, y3 = x0;
    let p = a;
    let i = k;
    let u: v128, v: v128, w: v128;
    while (i > 0) {
      u = v128.load(q);
      v = v128.load(q, 16);
      w = v128.load32_splat(p);
      x0 = multiplyAdd(w, u, x0);
      y0 = multiplyAdd(w, v, y0);
      w = v128.load32_splat(p, 4);
      x1 = multiplyAdd(w, u, x1);
      y1 = multiplyAdd(w, v, y1);
      w = v128.load32_splat(p, 8);
      x2 = multiplyAdd(w, u, x2);
      y2 = multiplyAdd(w, v, y2);
      w = v128.load32_splat(p, 12);
      x3 = multiplyAdd(w, u, x3);
      y3 = multiplyAdd(w, v, y3);
      if (i == 1) break;
      u = v128.load(q, 32);
      v = v128.load(q, 48);
      w = v128.load32_splat(p, 16);
      x0 = multiplyAdd(w, u, x0);
      y0 = multiplyAdd(w, v, y0);
      w = v128.load32_splat(p, 20);
      x1 = multiplyAdd(w, u, x1);
      y1 = multiplyAdd(w, v, y1);
      w = v128.load32_splat(p, 24);
      x2 = multiplyAdd(w, u, x2);
      y2 = multiplyAdd(w, v, y2);
      w = v128.load32_splat(p, 28);
      x3 = multiplyAdd(w, u, x3);
      y3 = multiplyAdd(w, v, y3);
      if (i == 2) break;
      u = v128.load(q, 64);
      v = v128.load(q, 80);
      w = v128.load32_splat(p, 32);
      x0 = multiplyAdd(w, u, x0);
      y0 = multiplyAdd(w, v, y0);
      w = v128.load32_splat(p, 36);
      x1 = multiplyAdd(w, u, x1);
      y1 = multiplyAdd(w, v, y1);
      w = v128.load32_splat(p, 40);
      x2 = multiplyAdd(w, u, x2);
      y2 = multiplyAdd(w, v, y2);
      w = v128.load32_splat(p, 44);
      x3 = multiplyAdd(w, u, x3);
      y3 = multiplyAdd(w, v, y3);
      if (i == 3) break;
      u = v128.load(q, 96);
      v = v128.load(q, 112);
      w = v128.load32_splat(p, 48);
      x0 = multiplyAdd(w, u, x0);
      y0 = multiplyAdd(w, v, y0);
      w = v128.load32_splat(p, 52);
      x1 = multiplyAdd(w, u, x1);
      y1 = multiplyAdd(w, v, y1);
      w = v128.load32_splat(p, 56);
      x2 = multiplyAdd(w, u, x2);
      y2 = multiplyAdd(w, v, y2);
      w = v128.load32_splat(p, 60);
      x3 = multiplyAdd(w, u, x3);
      y3 = multiplyAdd(w, v, y3);
      if (i == 4) break;
      u = v128.load(q, 128);
      v = v128.load(q, 144);
      w = v128.load32_splat(p, 64);
      x0 = multiplyAdd(w, u, x0);
      y0 = multiplyAdd(w, v, y0);
      w = v128.load32_splat(p, 68);
      x1 = multiplyAdd(w, u, x1);
      y1 = multiplyAdd(w, v, y1);
      w = v128.load32_splat(p, 72);
      x2 = multiplyAdd(w, u, x2);
      y2 = multiplyAdd(w, v, y2);
      w = v128.load32_splat(p, 76);
      x3 = multiplyAdd(w, u, x3);
      y3 = multiplyAdd(w, v, y3);
      if (i == 5) break;
      u = v128.load(q, 160);
      v = v128.load(q, 176);
      w = v128.load32_splat(p, 80);
      x0 = multiplyAdd(w, u, x0);
      y0 = multiplyAdd(w, v, y0);
      w = v128.load32_splat(p, 84);
      x1 = multiplyAdd(w, u, x1);
      y1 = multiplyAdd(w, v, y1);
      w = v128.load32_splat(p, 88);
      x2 = multiplyAdd(w, u, x2);
      y2 = multiplyAdd(w, v, y2);
      w = v128.load32_splat(p, 92);
      x3 = multiplyAdd(w, u, x3);
      y3 = multiplyAdd(w, v, y3);
      if (i == 6) break;
      u = v128.load(q, 192);
      v = v128.load(q, 208);
      w = v128.load32_splat(p, 96);
      x0 = multiplyAdd(w, u, x0);
      y0 = multiplyAdd(w, v, y0);
      w = v128.load32_splat(p, 100);
      x1 = multiplyAdd(w, u, x1);
      y1 = multiplyAdd(w, v, y1);
      w = v128.load32_splat(p, 104);
      x2 = multiplyAdd(w, u, x2);
      y2 = multiplyAdd(w, v, y2);
      w = v128.load32_splat(p, 108);
      x3 = multiplyAdd(w, u, x3);
      y3 = multiplyAdd(w, v, y3);
      if (i == 7) break;
      u = v128.load(q, 224);
      v = v128.load(q, 240);
      w = v128.load32_splat(p, 112);
      x0 = multiplyAdd(w, u, x0);
      y0 = multiplyAdd(w, v, y0);
      w = v128.load32_splat(p, 116);
      x1 = multiplyAdd(w, u, x1);
      y1 = multiplyAdd(w, v, y1);
      w = v128.load32_splat(p, 120);
      x2 = multiplyAdd(w, u, x2);
      y2 = multiplyAdd(w, v, y2);
      w = v128.load32_splat(p, 124);
      x3 = multiplyAdd(w, u, x3);
      y3 = multiplyAdd(w, v, y3);
      i -= 8;
      p += 128;
      q += 256;
    }
    a += <usize>k << 4;
    const c1 = c + cRow;
    const c2 = c1 + cRow;
    const c3 = c2 + cRow;
    store8(c, c1, c2, c3, x0, x1, x2, x3, y0, y1, y2, y3, columns, flags, bias);
    c = c3 + cRow;
  }
}

/** As tiles8, for up to four columns. */
@inline
function tiles4(
  indirect: bool, a: usize, aRow: usize, aStep: usize, aTile: usize, m: i32, k: i32,
  b: usize, bStep: usize, c: usize, cRow: usize, columns: i32, flags: i32, bias: usize,
): void {
  for (; m > 0; m -= 4) {
    let p0 = a, p1 = a, p2 = a, p3 = a;
    let q = b;
    let l = aStep;
    let c0 = c, c1 = c, c2 = c, c3 = c;
    if (indirect) {
      const row1 = m > 1 ? aRow + 8 : aRow;
      const row2 = m > 2 ? aRow + 16 : aRow;
      const row3 = m > 3 ? aRow + 24 : aRow;
      p0 = a + load<u32>(aRow);
      p1 = a + load<u32>(row1);
      p2 = a + load<u32>(row2);
      p3 = a + load<u32>(row3);
      c0 = c + load<u32>(aRow, 4);
      c1 = c + load<u32>(row1, 4);
      c2 = c + load<u32>(row2, 4);
      c3 = c + load<u32>(row3, 4);
    } else {
      if (m > 1) p1 = a + aRow, c1 = c + cRow;
      if (m > 2) p2 = a + 2 * aRow, c2 = c + 2 * cRow;
      if (m > 3) p3 = a + 3 * aRow, c3 = c + 3 * cRow;
    }
    let x0 = f32x4.splat(0), x1 = x0, x2 = x0, x3 = x0;
    for (let i = k; i > 0; i--) {
      const step = indirect ? <usize>load<u32>(l) : 0;
      const u = v128.load(q);
      x0 = multiplyAdd(v128.load32_splat(p0 + step), u, x0);
      x1 = multiplyAdd(v128.load32_splat(p1 + step), u, x1);
      x2 = multiplyAdd(v128.load32_splat(p2 + step), u, x2);
      x3 = multiplyAdd(v128.load32_splat(p3 + step), u, x3);
      q += bStep;
      if (indirect) {
        l += 4;
      } else {
        p0 += aStep;
        p1 += aStep;
        p2 += aStep;
        p3 += aStep;
      }
    }
    if (flags & ACCUMULATE) {
      x0 = f32x4.add(x0, loadPart(c0, columns));
      x1 = f32x4.add(x1, loadPart(c1, columns));
      x2 = f32x4.add(x2, loadPart(c2, columns));
      x3 = f32x4.add(x3, loadPart(c3, columns));
    }
    if (flags & BIAS) {
      const u = loadPart(bias, columns);
      x0 = f32x4.add(x0, u);
      x1 = f32x4.add(x1, u);
      x2 = f32x4.add(x2, u);
      x3 = f32x4.add(x3, u);
    }
    if (flags & RELU) {
      const zero = f32x4.splat(0);
      x0 = f32x4.pmax(x0, zero);
      x1 = f32x4.pmax(x1, zero);
      x2 = f32x4.pmax(x2, zero);
      x3 = f32x4.pmax(x3, zero);
    }
    storePart(c0, x0, columns);
    storePart(c1, x1, columns);
    storePart(c2, x2, columns);
    storePart(c3, x3, columns);
    if (indirect) {
      aRow += 32;
    } else {
      a += aTile;
      c += 4 * cRow;
    }
  }
}

/** Up to eight columns of a product whose a is read in steps; see tiles8. */
export function stepped(
  a: usize, aRow: usize, aStep: usize, aTile: usize, m: i32, k: i32,
  b: usize, bStep: usize, c: usize, cRow: usize, columns: i32, flags: i32, bias: usize,
): void {
  if (columns > 4 && aRow == 4 && aStep == 16 && bStep == 32) {
    packedTiles8(a, m, k, b, c, cRow, columns, flags, bias);
    const whole = m & ~3;
    tiles8(false, a + (whole >> 2) * aTile, 4, 16, aTile, m - whole, k, b, 32, c + whole * cRow, cRow, columns, flags, bias);
  } else if (columns > 4 && aStep == 4 && bStep == 32) {
    tiles8(false, a, aRow, 4, aTile, m, k, b, 32, c, cRow, columns, flags, bias);
  } else if (columns > 4) tiles8(false, a, aRow, aStep, aTile, m, k, b, bStep, c, cRow, columns, flags, bias);
  else tiles4(false, a, aRow, aStep, aTile, m, k, b, bStep, c, cRow, columns, flags, bias);
}

/** Up to eight columns of a product whose a is read through tables of offsets; see tiles8. */
export function indirect(
  a: usize, rowTable: usize, stepTable: usize, m: i32, k: i32,
  b: usize, bStep: usize, c: usize, columns: i32, flags: i32, bias: usize,
): void {
  if (columns > 4) tiles8(true, a, rowTable, stepTable, 0, m, k, b, bStep, c, 0, columns, flags, bias);
  else tiles4(true, a, rowTable, stepTable, 0, m, k, b, bStep, c, 0, columns, flags, bias);
}
