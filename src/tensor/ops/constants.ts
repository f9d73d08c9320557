import { dimension, dtype, numbers, shape, whole } from "../attributes.js";
import type { Dimension, Shape } from "../dimension.js";
import type { Emitter } from "../emitter.js";
import type { DType, Value } from "../program.js";
import { signature } from "../signature.js";
import { broadcast } from "./shape.js";

export const constantSignature = signature("constant", 0, { data: numbers, shape: numbers, dtype });

export function constant(
  b: Emitter,
  data: readonly number[],
  shape: readonly number[],
  dtype: DType = "float",
): Value {
  return constantSignature.emit(b, [], { data, shape, dtype });
}

export function scalar(b: Emitter, x: number, dtype: DType = "float"): Value {
  return constant(b, [x], [], dtype);
}

/** A tensor of one number. */
export function fill(b: Emitter, x: number, shape: Shape, dtype: DType = "float"): Value {
  return broadcast(b, scalar(b, x, dtype), shape);
}

export function zeros(b: Emitter, shape: Shape): Value {
  return fill(b, 0, shape);
}

export function ones(b: Emitter, shape: Shape): Value {
  return fill(b, 1, shape);
}

export const iotaSignature = signature("iota", 0, { shape, axis: whole });

/** Ints that count along `axis`. */
export function iota(b: Emitter, shape: Shape, axis = 0): Value {
  return iotaSignature.emit(b, [], { shape, axis });
}

export const sizeSignature = signature("size", 0, { dimension });

/** A dimension as a float scalar. */
export function size(b: Emitter, dimension: Dimension): Value {
  return sizeSignature.emit(b, [], { dimension });
}
