import { ops, type Builder, type Value } from "../../tensor/index.js";
import { diagonal, outer, times } from "./common.js";
import { solve } from "./solve.js";

const STEPS = 40;
/** The share of the way to the boundary that a step may go. */
const WAY = 0.9;

/**
 * The positive numbers x of `mask` with (M·x)ᵢ = xᵢ^(−1/alpha), 0 elsewhere, by Newton's method: the minimum of a convex
 * function, as M, shape [n, n], is positive semidefinite. M is scaled to about 1, with a diagonal above 0 in the mask.
 */
export function fairRoot(b: Builder, matrix: Value, mask: Value, diagonalOfM: Value, alpha: number): Value {
  const absent = ops.sub(b, 1, mask);
  // Where gradients do not meet, this is the root.
  const start = ops.pow(b, ops.add(b, ops.mul(b, diagonalOfM, mask), absent), -alpha / (alpha + 1));
  const { carries } = ops.scan(
    b,
    STEPS,
    { constants: [matrix, mask], carries: [start] },
    (body, [m, there], [x]) => ({ carries: [step(body, m!, there!, x!, alpha)], ys: [] }),
  );
  return ops.mul(b, carries[0]!, mask);
}

function step(b: Builder, m: Value, there: Value, x: Value, alpha: number): Value {
  const among = outer(b, there, there);
  const matrix = ops.mul(b, m, among);
  const power = ops.pow(b, x, -1 / alpha);
  const slope = ops.div(b, power, ops.mul(b, x, alpha));
  const missing = ops.mul(b, ops.sub(b, power, times(b, matrix, x)), there);
  const [dx] = solve(b, ops.add(b, matrix, diagonal(b, slope)), [missing]);
  const most = ops.maxReduce(b, ops.div(b, ops.neg(b, dx!), x));
  const length = ops.min(b, 1, ops.div(b, WAY, ops.max(b, most, 1e-30)));
  return ops.add(b, x, ops.mul(b, dx!, length));
}
