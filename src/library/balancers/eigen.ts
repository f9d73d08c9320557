import { sizeOf } from "../sizes.js";
import { ops, type Builder, type Value } from "../../tensor/index.js";
import { loop } from "../loop.js";
import { diagonalOf, identity } from "./common.js";

const SWEEPS = 10;
/** From here on the root of tau² + 1 is tau, in float64 too. */
const FAR = 1e9;

/** Eigenvalues, shape [n], and eigenvectors, the columns of [n, n], of a symmetric matrix, by Jacobi's rotations. */
export function eigen(b: Builder, matrix: Value): { values: Value; vectors: Value } {
  const size = sizeOf(b, matrix, 0);
  const given = { constants: [], carries: [matrix, identity(b, size)], xs: [] } as const;
  const { carries } = loop(b, SWEEPS, given, (body, { carries: [a, v] }) => {
    let [m, vectors] = [a, v];
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        const rotation = rotationAt(body, m, p, q);
        m = ops.matmul(body, ops.matmul(body, rotation, m, { transposeA: true }), rotation);
        vectors = ops.matmul(body, vectors, rotation);
      }
    }
    return { carries: [m, vectors] };
  });
  return { values: diagonalOf(b, carries[0]), vectors: carries[1] };
}

/** The rotation that clears m[p, q] (Golub and Van Loan, Matrix Computations, 8.5). */
function rotationAt(b: Builder, m: Value, p: number, q: number): Value {
  const size = sizeOf(b, m, 0);
  const at = (i: number, j: number) => ops.reshape(b, ops.slice(b, m, [i, j], [1, 1]), []);
  const [pp, qq, pq] = [at(p, p), at(q, q), at(p, q)];
  const cleared = ops.eq(b, pq, ops.scalar(b, 0));
  const tau = ops.div(b, ops.sub(b, qq, pp), ops.mul(b, ops.select(b, cleared, 1, pq), 2));
  const sign = ops.select(b, ops.lt(b, tau, ops.scalar(b, 0)), -1, ops.scalar(b, 1));
  // For a large tau the tangent is 1/(2·tau), computed without the square of tau, which may be too large for float32.
  const far = ops.max(b, ops.abs(b, tau), FAR);
  const near = ops.min(b, ops.abs(b, tau), FAR);
  const root = ops.sqrt(b, ops.add(b, ops.square(b, near), 1));
  const bend = ops.mul(b, ops.add(b, near, root), ops.div(b, far, FAR));
  const tangent = ops.select(b, cleared, 0, ops.div(b, sign, bend));
  const cosine = ops.rsqrt(b, ops.add(b, ops.square(b, tangent), 1));
  const sine = ops.mul(b, tangent, cosine);
  const only = (...places: readonly (readonly [number, number, number])[]) => {
    const data = new Array<number>(size * size).fill(0);
    for (const [i, j, x] of places) data[i * size + j] = x;
    return ops.constant(b, data, [size, size]);
  };
  const turned = ops.add(
    b,
    ops.mul(b, only([p, p, 1], [q, q, 1]), ops.sub(b, cosine, 1)),
    ops.mul(b, only([p, q, 1], [q, p, -1]), sine),
  );
  return ops.add(b, identity(b, size), turned);
}
