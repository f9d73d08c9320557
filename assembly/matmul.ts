import { ACCUMULATE } from "../src/runtime/wasm/opcodes";
import { packColumns, packLeft, packRows } from "./matmul-pack";
import { stepped } from "./matmul-tile";
import { combine, dots, spreadDots } from "./matmul-vector";

/** Blocks of k and m: eight columns of b by the one stay in the first cache, a block of a in the second. */
const blockK: i32 = 256;
const blockM: i32 = 256;

/** The size of blocks of at most `most` that divide `total` about evenly. */
@inline
function evenBlock(total: i32, most: i32): i32 {
  const count = max(1, (total + most - 1) / most);
  return max(1, (total + count - 1) / count);
}

/** Whether a's rows are packed: it pays where they are read often, and reading down columns hits few sets of the cache. */
@inline
function packsLeft(n: i32, k: i32, transposeA: i32): bool {
  return k > 64 && n > (transposeA ? 8 : 64);
}

/** Bytes of scratch that `matmul` needs for a product of [m, k] and [k, n]. */
export function matmul_scratch(m: i32, n: i32, k: i32, transposeA: i32, transposeB: i32): i32 {
  if (m <= 1 || n <= 1 || (m < 4 && transposeB && k > 1)) return 0;
  const inner = min(k, blockK);
  const right = inner * 32;
  return right + (packsLeft(n, k, transposeA) ? inner * ((min(m, blockM) + 3) & ~3) * 4 : 0);
}

/**
 * c[i] = op(a[i]) · op(b[i]) for each of `batch` matrices; op(a) is [m, k], op(b) [k, n], c [m, n], floats, row-major.
 * Addresses are bytes; leading dimensions and the strides between matrices are elements. A transposed operand is
 * stored with its axes exchanged. `flags`: ACCUMULATE, BIAS (of n), RELU, in this order.
 * `scratch` holds packed panels: `matmul_scratch(…)` bytes.
 */
export function matmul(
  a: usize, b: usize, c: usize,
  batch: i32, strideA: i32, strideB: i32, strideC: i32,
  m: i32, n: i32, k: i32,
  lda: i32, ldb: i32, ldc: i32,
  transposeA: i32, transposeB: i32,
  flags: i32, bias: usize, scratch: usize,
): void {
  // One column that lies without gaps is a row.
  if (k == 1 && transposeB && ldb == 1) {
    transposeB = 0;
    ldb = n;
  }
  for (; batch > 0; batch--) {
    if (n == 1) {
      const step: usize = transposeB ? 4 : <usize>ldb << 2;
      vectorTimes(b, step, a, lda << 2, !transposeA, m, k, c, ldc << 2, flags, bias, 0);
    } else if (m == 1 || (m < 4 && transposeB)) {
      const step: usize = transposeA ? <usize>lda << 2 : 4;
      const row: usize = transposeA ? 4 : <usize>lda << 2;
      for (let i = 0; i < m; i++) {
        vectorTimes(a + i * row, step, b, ldb << 2, transposeB != 0, n, k, c + ((i * ldc) << 2), 4, flags, bias, 4);
      }
    } else {
      product(a, b, c, m, n, k, lda << 2, ldb << 2, ldc << 2, transposeA != 0, transposeB != 0, flags, bias, scratch);
    }
    a += strideA << 2;
    b += strideB << 2;
    c += strideC << 2;
  }
}

/** out[j] = Σ vector[l] · matrix[j, l] (`byRows`) or matrix[l, j]; steps are bytes. */
function vectorTimes(
  vector: usize, vectorStep: usize, matrix: usize, step: usize, byRows: bool, count: i32, k: i32,
  out: usize, outStep: usize, flags: i32, bias: usize, biasStep: usize,
): void {
  if (!byRows) {
    combine(vector, vectorStep, matrix, step, count, k, out, outStep, flags, bias, biasStep);
  } else if (vectorStep == 4 || k == 1) {
    dots(vector, matrix, step, count, k, out, outStep, flags, bias, biasStep);
  } else {
    spreadDots(vector, vectorStep, matrix, step, count, k, out, outStep, flags, bias, biasStep);
  }
}

/** One product of matrices, block by block; leading dimensions are bytes. */
function product(
  a: usize, b: usize, c: usize, m: i32, n: i32, k: i32, lda: usize, ldb: usize, ldc: usize,
  transposeA: bool, transposeB: bool, flags: i32, bias: usize, scratch: usize,
): void {
  const sizeK = evenBlock(k, blockK);
  const sizeM = (evenBlock(m, blockM) + 3) & ~3;
  const packA = packsLeft(n, k, transposeA);
  const right = scratch;
  const left = scratch + (min(k, blockK) << 5);
  for (let i = 0; i < m; i += sizeM) {
    const rows = min(sizeM, m - i);
    // Even where k is 0, c is written once.
    for (let l = 0; l == 0 || l < k; l += sizeK) {
      const depth = min(sizeK, k - l);
      const now = (l == 0 ? flags & ACCUMULATE : ACCUMULATE) | (l + depth == k ? flags & ~ACCUMULATE : 0);
      let from = transposeA ? a + (i << 2) + l * lda : a + i * lda + (l << 2);
      let row = lda;
      let step: usize = 4;
      let tile = 4 * lda;
      if (packA) {
        packLeft(from, lda, transposeA, rows, depth, left);
        from = left;
        row = 4;
        step = 16;
        tile = depth << 4;
      } else if (transposeA) {
        row = 4;
        step = lda;
        tile = 16;
      }
      const source = transposeB ? b + (l << 2) : b + l * ldb;
      const to = c + i * ldc;
      const direct = !transposeB && (rows <= 12 || depth * ldb <= 24576);
      for (let j = 0; j < n; j += 8) {
        const columns = min(8, n - j);
        const width = columns > 4 ? 8 : 4;
        let panel = right;
        let panelStep: usize = width << 2;
        if (transposeB) packColumns(source + j * ldb, ldb, depth, columns, width, right);
        else if (direct && (columns & 3) == 0) {
          panel = source + (j << 2);
          panelStep = ldb;
        } else packRows(source + (j << 2), ldb, depth, columns, width, right);
        stepped(from, row, step, tile, rows, depth, panel, panelStep, to + (j << 2), ldc, columns, now, bias + (j << 2));
      }
    }
  }
}
