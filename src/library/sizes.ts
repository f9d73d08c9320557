import type { Builder, Value } from "../tensor/index.js";

/** The length of an axis that does not depend on the batch. */
export function sizeOf(b: Builder, value: Value, axis: number): number {
  const size = b.typeOf(value).shape[axis];
  if (typeof size !== "number") throw new Error(`axis ${axis} has no fixed length`);
  return size;
}
