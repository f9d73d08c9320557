/** out[m, n] += a · b for row-major a [m, k] (or [k, m]) and b [k, n] (or [n, k]), each from its offset. */
export function matmulInto(
  a: Float64Array,
  aAt: number,
  transposeA: boolean,
  b: Float64Array,
  bAt: number,
  transposeB: boolean,
  out: Float64Array,
  outAt: number,
  m: number,
  k: number,
  n: number,
): void {
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
