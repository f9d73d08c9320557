import type { Builder, Dimension, Value } from "../tensor/index.js";

/** The size of an axis, from the end where negative; throws where the shape has no such axis. */
export function dimensionAt<D extends Dimension>(shape: readonly D[], axis: number): D {
  const size = shape.at(axis);
  if (size === undefined) throw new Error(`a shape of ${shape.length} axes has no axis ${axis}`);
  return size;
}

/** The length of an axis that does not depend on the batch. */
export function sizeOf(b: Builder, value: Value, axis: number): number {
  const size = b.typeOf(value).shape[axis];
  if (typeof size !== "number") throw new Error(`axis ${axis} has no fixed length`);
  return size;
}
