/** A matrix in an array, from an offset. */
export interface Matrix {
  readonly data: Float64Array;
  readonly at: number;
  /** Whether it lies there transposed. */
  readonly transposed?: boolean;
}

export interface Product {
  readonly a: Matrix;
  readonly b: Matrix;
  readonly out: Matrix;
  /** [m, k] · [k, n]. */
  readonly sizes: readonly [m: number, k: number, n: number];
}

/** out[m, n] += a · b for row-major a [m, k] (or [k, m]) and b [k, n] (or [n, k]). */
export function matmulInto({ a: left, b: right, out: result, sizes: [m, k, n] }: Product): void {
  const { data: a, at: aAt, transposed: transposeA = false } = left;
  const { data: b, at: bAt, transposed: transposeB = false } = right;
  const { data: out, at: outAt } = result;
  const aRow = transposeA ? 1 : k;
  const aColumn = transposeA ? m : 1;
  if (transposeB) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let total = 0;
        const p = aAt + i * aRow;
        const q = bAt + j * k;
        for (let l = 0; l < k; l++) total += a[p + l * aColumn]! * b[q + l]!;
        out[outAt + i * n + j]! += total;
      }
    }
    return;
  }
  for (let i = 0; i < m; i++) {
    const o = outAt + i * n;
    for (let l = 0; l < k; l++) {
      const x = a[aAt + i * aRow + l * aColumn]!;
      const q = bAt + l * n;
      for (let j = 0; j < n; j++) out[o + j]! += x * b[q + j]!;
    }
  }
}
