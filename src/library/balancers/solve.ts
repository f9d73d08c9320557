import { sizeOf } from "../sizes.js";
import { ops, type Builder, type Value } from "../../tensor/index.js";
import { asMany, type AsMany } from "../lists.js";
import { outer } from "./common.js";

/** Pivots are raised to this, so that a nearly singular matrix gives finite numbers. */
const LEAST_PIVOT = 1e-12;

/**
 * Solves A·x = y for a symmetric positive definite A, shape [n, n], and each of `ys`, shape [n], by Gauss and Jordan's
 * elimination, which needs no exchange of rows there. Where A may be singular, an unknown whose pivot is below `dependent` is
 * set to 0.
 */
export function solve<const Y extends readonly Value[]>(
  b: Builder,
  a: Value,
  ys: Y,
  dependent?: number,
): AsMany<Y> {
  const size = sizeOf(b, a, 0);
  const width = size + ys.length;
  let rows = ops.concat(b, [a, ...ys.map((y) => ops.expandDims(b, y, 1))], 1);
  for (let k = 0; k < size; k++) {
    const row = ops.reshape(b, ops.slice(b, rows, [k, 0], [1, width]), [width]);
    const own = ops.slice(b, row, [k], [1]);
    const free = dependent === undefined ? undefined : ops.gt(b, own, dependent);
    const pivot = ops.max(b, own, LEAST_PIVOT);
    const scaled = free ? ops.select(b, free, ops.div(b, row, pivot), 0) : ops.div(b, row, pivot);
    const unit = Array.from({ length: size }, (_, i) => (i === k ? 1 : 0));
    const column = ops.reshape(b, ops.slice(b, rows, [0, k], [size, 1]), [size]);
    const taken = ops.sub(b, column, ops.constant(b, unit, [size]));
    const next = ops.sub(b, rows, outer(b, taken, scaled));
    const others = ops.constant(
      b,
      unit.map((one) => 1 - one),
      [size, 1],
    );
    rows = free ? ops.select(b, free, next, ops.mul(b, rows, others)) : next;
  }
  const solved = ys.map((_, i) => ops.reshape(b, ops.slice(b, rows, [0, size + i], [size, 1]), [size]));
  return asMany(ys, solved);
}
