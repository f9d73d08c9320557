import { boolean, numbers, whole } from "../attributes.js";
import { sameDimension, sameShape, sizeOf, type Shape } from "../dimension.js";
import type { Emitter } from "../emitter.js";
import type { Value } from "../program.js";
import { signature } from "../signature.js";
import { size } from "./constants.js";
import { add, cast, detach, div, eq, exp, log, log1p, neg, square, sub } from "./elementwise.js";
import { gather } from "./indexing.js";
import { axisOf, reshape } from "./shape.js";

function axesOf(b: Emitter, x: Value, axes: readonly number[] | undefined): readonly number[] {
  const rank = b.typeOf(x).shape.length;
  const all = axes ?? b.typeOf(x).shape.map((_, i) => i);
  return all.map((a) => axisOf(a, rank)).sort((p, q) => p - q);
}

export const sumSignature = signature("sum", 1, { axes: numbers, keep: boolean });

/** The sum over these axes, or over all. */
export function sum(b: Emitter, x: Value, axes?: readonly number[], keep = false): Value {
  const over = axesOf(b, x, axes);
  return over.length === 0 ? x : sumSignature.emit(b, [x], { axes: over, keep });
}

export function sumAll(b: Emitter, x: Value): Value {
  return sum(b, x);
}

export function mean(b: Emitter, x: Value, axes?: readonly number[], keep = false): Value {
  const { shape } = b.typeOf(x);
  const over = axesOf(b, x, axes);
  return div(b, sum(b, x, over, keep), size(b, sizeOf(over.map((a) => shape[a]!))));
}

/** The mean of squared distances from the mean (divided by n). */
export function variance(b: Emitter, x: Value, axes?: readonly number[], keep = false): Value {
  return mean(b, square(b, sub(b, x, mean(b, x, axes, true))), axes, keep);
}

export const maxReduceSignature = signature("max_reduce", 1, { axis: whole, keep: boolean });

/** The maximum along one axis; equal maxima share the gradient evenly. */
export function maxReduce(b: Emitter, x: Value, axis = -1, keep = false): Value {
  return maxReduceSignature.emit(b, [x], { axis: axisOf(axis, b.typeOf(x).shape.length), keep });
}

export function minReduce(b: Emitter, x: Value, axis = -1, keep = false): Value {
  return neg(b, maxReduce(b, neg(b, x), axis, keep));
}

export const argmaxSignature = signature("argmax", 1, { axis: whole });

/** The int index of the first maximum. */
export function argmax(b: Emitter, x: Value, axis = -1): Value {
  return argmaxSignature.emit(b, [x], { axis: axisOf(axis, b.typeOf(x).shape.length) });
}

export const argsortSignature = signature("argsort", 1, { axis: whole, ascending: boolean });

/** The indices that sort x along an axis; equal numbers keep their order. */
export function argsort(b: Emitter, x: Value, axis = -1, ascending = true): Value {
  return argsortSignature.emit(b, [x], { axis: axisOf(axis, b.typeOf(x).shape.length), ascending });
}

/** A sorted vector, through which gradients flow. */
export function sort(b: Emitter, x: Value, ascending = true): Value {
  return gather(b, x, argsort(b, x, 0, ascending), 0);
}

export const cumsumSignature = signature("cumsum", 1, { axis: whole, reverse: boolean, exclusive: boolean });

export function cumsum(
  b: Emitter,
  x: Value,
  axis = -1,
  { reverse = false, exclusive = false }: { reverse?: boolean; exclusive?: boolean } = {},
): Value {
  return cumsumSignature.emit(b, [x], { axis: axisOf(axis, b.typeOf(x).shape.length), reverse, exclusive });
}

/** Sums x down to a shape that broadcasts to x's: the gradient of broadcasting. */
export function sumTo(b: Emitter, x: Value, shape: Shape): Value {
  const from = b.typeOf(x).shape;
  if (sameShape(from, shape)) return x;
  const lead = from.length - shape.length;
  const axes = from.flatMap((d, i) => {
    const to = shape[i - lead];
    return to === undefined || (!sameDimension(d, to) && sameDimension(to, 1)) ? [i] : [];
  });
  return reshape(b, sum(b, x, axes), shape);
}

export function logSumExp(b: Emitter, x: Value, axis = -1, keep = false): Value {
  const high = detach(b, maxReduce(b, x, axis, true));
  const total = add(b, log(b, sum(b, exp(b, sub(b, x, high)), [axis], true)), high);
  if (keep) return total;
  const at = axisOf(axis, b.typeOf(x).shape.length);
  return reshape(
    b,
    total,
    b.typeOf(x).shape.filter((_, i) => i !== at),
  );
}

export function softmax(b: Emitter, x: Value, axis = -1): Value {
  const e = exp(b, sub(b, x, detach(b, maxReduce(b, x, axis, true))));
  return div(b, e, sum(b, e, [axis], true));
}

/** The sum's logarithm is log1p of all terms but the largest, which keeps digits where one number is far above the others. */
export function logSoftmax(b: Emitter, x: Value, axis = -1): Value {
  const shifted = sub(b, x, detach(b, maxReduce(b, x, axis, true)));
  const top = cast(b, eq(b, shifted, 0), "float");
  const others = sum(b, sub(b, exp(b, shifted), top), [axis], true);
  const ties = sub(b, sum(b, top, [axis], true), 1);
  return sub(b, shifted, log1p(b, add(b, others, ties)));
}

export { logSoftmax as log_softmax, logSumExp as logsumexp };
