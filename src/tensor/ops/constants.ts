import type { Dimension, Shape } from "../dimension.js";
import type { Emitter } from "../emitter.js";
import type { DType, Value } from "../program.js";

export function constant(
  b: Emitter,
  data: readonly number[],
  shape: readonly number[],
  dtype: DType = "float",
): Value {
  return b.emit("constant", [], { data, shape, dtype });
}

export function scalar(b: Emitter, x: number, dtype: DType = "float"): Value {
  return constant(b, [x], [], dtype);
}

/** A tensor of one number. */
export function fill(b: Emitter, x: number, shape: Shape, dtype: DType = "float"): Value {
  const one = scalar(b, x, dtype);
  return shape.length === 0 ? one : b.emit("broadcast", [one], { shape });
}

export function zeros(b: Emitter, shape: Shape): Value {
  return fill(b, 0, shape);
}

export function ones(b: Emitter, shape: Shape): Value {
  return fill(b, 1, shape);
}

/** Ints that count along `axis`. */
export function iota(b: Emitter, shape: Shape, axis = 0): Value {
  return b.emit("iota", [], { shape, axis });
}

/** A dimension as a float scalar. */
export function size(b: Emitter, dimension: Dimension): Value {
  return b.emit("size", [], { dimension });
}
