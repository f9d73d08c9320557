/** A tensor outside an engine: row-major; `int` and `bool` are held as Int32Array. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly dtype: "float" | "int" | "bool";
  readonly data: Float32Array | Float64Array | Int32Array;
}

/** Where a tensor has a number that is not finite; -1 where all are. */
export function infiniteAt({ data }: HostTensor): number {
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i]!)) return i;
  return -1;
}
