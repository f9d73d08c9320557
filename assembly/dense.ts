import { matmul as matmulStrided } from "./matmul";

/**
 * c[i] = op(a[i]) · op(b[i]) for `batch` matrices that lie one after another: op(a) is [m, k], op(b) [k, n], c [m, n].
 * The rest is as in `matmul` of matrices with gaps.
 */
export function matmul(
  a: usize, b: usize, c: usize,
  batch: i32, m: i32, n: i32, k: i32,
  transposeA: i32, transposeB: i32,
  flags: i32, bias: usize, scratch: usize,
): void {
  matmulStrided(
    a, b, c, batch, m * k, k * n, m * n, m, n, k,
    transposeA ? m : k, transposeB ? k : n, n, transposeA, transposeB, flags, bias, scratch,
  );
}
