import type { HostTensor } from "../tensor.js";

/** The element types that are read and written, and how many bytes an element takes. */
export const elementTypes = {
  F64: { bytes: 8, dtype: "float" },
  F32: { bytes: 4, dtype: "float" },
  I32: { bytes: 4, dtype: "int" },
  BOOL: { bytes: 1, dtype: "bool" },
} as const satisfies Record<string, { bytes: number; dtype: HostTensor["dtype"] }>;

export type ElementType = keyof typeof elementTypes;

/** The key of the header that holds texts instead of a tensor. */
export const metadataKey = "__metadata__";

/** The entry of one tensor in the header. */
export interface HeaderEntry {
  readonly dtype: ElementType;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}
