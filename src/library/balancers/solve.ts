import { ops, type Builder, type Value } from "../../tensor/index.js";
import { outer } from "./common.js";

/** A pivot of a matrix that is as good as singular is taken for this. */
const LEAST_PIVOT = 1e-12;

/**
 * Solves A·x = y for a symmetric positive definite A, shape [n, n], and each of `ys`, shape [n], by Gauss and Jordan's
 * elimination, which needs no exchange of rows there.
 */
export function solve(b: Builder, a: Value, ys: readonly Value[]): Value[] {
  const size = b.typeOf(a).shape[0] as number;
  const width = size + ys.length;
  let rows = ops.concat(b, [a, ...ys.map((y) => ops.expandDims(b, y, 1))], 1);
  for (let k = 0; k < size; k++) {
    const row = ops.reshape(b, ops.slice(b, rows, [k, 0], [1, width]), [width]);
    const pivot = ops.max(b, ops.slice(b, row, [k], [1]), LEAST_PIVOT);
    const unit = Array.from({ length: size }, (_, i) => (i === k ? 1 : 0));
    const column = ops.reshape(b, ops.slice(b, rows, [0, k], [size, 1]), [size]);
    const taken = ops.sub(b, column, ops.constant(b, unit, [size]));
    rows = ops.sub(b, rows, outer(b, taken, ops.div(b, row, pivot)));
  }
  return ys.map((_, i) => ops.reshape(b, ops.slice(b, rows, [0, size + i], [size, 1]), [size]));
}
