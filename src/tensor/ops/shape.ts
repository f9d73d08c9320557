import { number, numbers, shape, whole } from "../attributes.js";
import { sameDimension, sameShape, type Dimension, type Shape } from "../dimension.js";
import type { Emitter } from "../emitter.js";
import type { Value } from "../program.js";
import { signature } from "../signature.js";

/** An axis from the end (-1 is the last) as one from the front. */
export function axisOf(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

function rankOf(b: Emitter, x: Value): number {
  return b.typeOf(x).shape.length;
}

export const reshapeSignature = signature("reshape", 1, { shape });

export function reshape(b: Emitter, x: Value, shape: Shape): Value {
  return sameShape(b.typeOf(x).shape, shape) ? x : reshapeSignature.emit(b, [x], { shape });
}

export const transposeSignature = signature("transpose", 1, { perm: numbers });

/** Axis i of the result is axis perm[i] of x; without `perm` the axes are reversed. */
export function transpose(b: Emitter, x: Value, perm?: readonly number[]): Value {
  const order = perm ?? b.typeOf(x).shape.map((_, i, all) => all.length - 1 - i);
  return order.every((axis, i) => axis === i) ? x : transposeSignature.emit(b, [x], { perm: order });
}

export const broadcastSignature = signature("broadcast", 1, { shape });

/** Repeats x to a shape that it broadcasts to (axes aligned at the right). */
export function broadcast(b: Emitter, x: Value, shape: Shape): Value {
  return sameShape(b.typeOf(x).shape, shape) ? x : broadcastSignature.emit(b, [x], { shape });
}

export const sliceSignature = signature("slice", 1, { begin: shape, size: shape, stride: numbers });

/** `size` elements along each axis from `begin`, every `stride`-th. */
export function slice(b: Emitter, x: Value, begin: Shape, size: Shape, stride?: readonly number[]): Value {
  return sliceSignature.emit(b, [x], { begin, size, stride: stride ?? begin.map(() => 1) });
}

export const placeSignature = signature("place", 1, { begin: shape, stride: numbers, shape });

/** Zeros of `shape` with x where `slice` of the same begin and stride would read it. */
export function place(b: Emitter, x: Value, begin: Shape, shape: Shape, stride?: readonly number[]): Value {
  return placeSignature.emit(b, [x], { begin, stride: stride ?? begin.map(() => 1), shape });
}

/** `size` elements along one axis. */
export function sliceAxis(b: Emitter, x: Value, axis: number, begin: Dimension, size: Dimension): Value {
  const { shape } = b.typeOf(x);
  const at = axisOf(axis, shape.length);
  return slice(
    b,
    x,
    shape.map((_, i) => (i === at ? begin : 0)),
    shape.map((d, i) => (i === at ? size : d)),
  );
}

export const padSignature = signature("pad", 1, { before: shape, after: shape, value: number });

export function pad(b: Emitter, x: Value, before: Shape, after: Shape, value = 0): Value {
  return padSignature.emit(b, [x], { before, after, value });
}

export const concatSignature = signature("concat", "any", { axis: whole });

export function concat(b: Emitter, xs: readonly Value[], axis = -1): Value {
  const [first] = xs;
  if (first === undefined) throw new Error("concat of nothing");
  return xs.length === 1 ? first : concatSignature.emit(b, xs, { axis: axisOf(axis, rankOf(b, first)) });
}

export const reverseSignature = signature("reverse", 1, { axes: numbers });

export function reverse(b: Emitter, x: Value, axes: readonly number[]): Value {
  const rank = rankOf(b, x);
  return reverseSignature.emit(b, [x], { axes: axes.map((a) => axisOf(a, rank)) });
}

/** Puts an axis of 1 at `axis` of the result. */
export function expandDims(b: Emitter, x: Value, axis: number): Value {
  const shape = [...b.typeOf(x).shape];
  shape.splice(axisOf(axis, shape.length + 1), 0, 1);
  return reshape(b, x, shape);
}

/** Drops an axis of 1. */
export function squeeze(b: Emitter, x: Value, axis: number): Value {
  const { shape } = b.typeOf(x);
  const at = axisOf(axis, shape.length);
  if (shape[at] === undefined || !sameDimension(shape[at], 1))
    throw new Error(`squeeze: axis ${axis} is not 1`);
  return reshape(
    b,
    x,
    shape.filter((_, i) => i !== at),
  );
}

/** Joins values of one shape along a new axis. */
export function stack(b: Emitter, xs: readonly Value[], axis = 0): Value {
  const [first] = xs;
  if (first === undefined) throw new Error("stack of nothing");
  const at = axisOf(axis, rankOf(b, first) + 1);
  return concat(
    b,
    xs.map((x) => expandDims(b, x, at)),
    at,
  );
}
