/** A tensor outside an engine: row-major; `int` and `bool` are held as Int32Array. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly dtype: "float" | "int" | "bool";
  readonly data: Float32Array | Float64Array | Int32Array;
}

/** How many elements a tensor of this shape has. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((count, d) => count * d, 1);
}
