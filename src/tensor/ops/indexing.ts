import { shape, whole } from "../attributes.js";
import type { Shape } from "../dimension.js";
import type { Emitter } from "../emitter.js";
import type { Value } from "../program.js";
import { plain, signature } from "../signature.js";
import { iota } from "./constants.js";
import { cast, eq } from "./elementwise.js";
import { axisOf, expandDims } from "./shape.js";

export const gatherSignature = signature("gather", 2, { axis: whole });

/** Rows (or what lies along `axis`) of x by int indices. */
export function gather(b: Emitter, x: Value, indices: Value, axis = 0): Value {
  return gatherSignature.emit(b, [x, indices], { axis: axisOf(axis, b.typeOf(x).shape.length) });
}

export const scatterAddSignature = signature("scatter_add", 2, { shape });

/** Zeros of `shape` with updates[i] added to row indices[i]; duplicates accumulate. */
export function scatterAdd(b: Emitter, indices: Value, updates: Value, shape: Shape): Value {
  return scatterAddSignature.emit(b, [indices, updates], { shape });
}

export const poolGatherSignature = plain("pool_gather", 2);

/** x's elements at these flat indices of each example. */
export function poolGather(b: Emitter, x: Value, indices: Value): Value {
  return poolGatherSignature.emit(b, [x, indices], {});
}

export const poolScatterSignature = signature("pool_scatter", 2, { shape });

/** Zeros of `shape` with g added at these flat indices of each example. */
export function poolScatter(b: Emitter, g: Value, indices: Value, shape: Shape): Value {
  return poolScatterSignature.emit(b, [g, indices], { shape });
}

/** A new last axis of `depth` floats: 1 at the int index, else 0. */
export function oneHot(b: Emitter, indices: Value, depth: number): Value {
  const column = expandDims(b, indices, -1);
  const { shape } = b.typeOf(column);
  const count = iota(
    b,
    shape.map((_, i) => (i === shape.length - 1 ? depth : 1)),
    shape.length - 1,
  );
  return cast(b, eq(b, column, count), "float");
}
