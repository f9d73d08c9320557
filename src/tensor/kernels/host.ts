import type { HostTensor } from "../../runtime/tensor.js";
import { elementCount } from "../../runtime/elements.js";
import type { DType } from "../program.js";

/** The reference engine's arrays: float64 for floats, int32 for ints and bools. */
export type Numbers = Float64Array | Int32Array;

export function allocate(dtype: DType, count: number): Numbers {
  return dtype === "float" ? new Float64Array(count) : new Int32Array(count);
}

export function tensor(dtype: DType, shape: readonly number[], data: Numbers): HostTensor {
  return { dtype, shape, data };
}

/** The array as the reference engine holds it; a float32 array from outside is widened. */
export function numbersOf(t: HostTensor): Numbers {
  return t.data instanceof Float32Array ? Float64Array.from(t.data) : t.data;
}

export function floatsOf(t: HostTensor): Float64Array {
  return t.data instanceof Float64Array ? t.data : Float64Array.from(t.data);
}

export function stridesOf(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i]!;
  }
  return strides;
}

/** Strides that read a tensor of `shape` as one of `to`, axes aligned at the right. */
export function broadcastStrides(shape: readonly number[], to: readonly number[]): number[] {
  const own = stridesOf(shape);
  const lead = to.length - shape.length;
  return to.map((_, i) => (i < lead || shape[i - lead] === 1 ? 0 : own[i - lead]!));
}

export function broadcastShapes(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const p = a[i - rank + a.length] ?? 1;
    const q = b[i - rank + b.length] ?? 1;
    return p === 1 ? q : p;
  });
}

/** Calls `row` with the offset of each operand at the start of each run along the last axis. */
export function eachRow(
  shape: readonly number[],
  strides: readonly (readonly number[])[],
  row: (offsets: readonly number[]) => void,
): void {
  const outer = shape.length - 1;
  if (elementCount(shape) === 0) return;
  const offsets = strides.map(() => 0);
  const counter = Array.from({ length: Math.max(outer, 0) }, () => 0);
  for (;;) {
    row(offsets);
    let axis = outer - 1;
    for (; axis >= 0; axis--) {
      counter[axis]!++;
      for (let k = 0; k < strides.length; k++) offsets[k]! += strides[k]![axis]!;
      if (counter[axis]! < shape[axis]!) break;
      for (let k = 0; k < strides.length; k++) offsets[k]! -= strides[k]![axis]! * shape[axis]!;
      counter[axis] = 0;
    }
    if (axis < 0) return;
  }
}

/** out[i] = data read at `offset` with `strides`, over `shape`. */
export function readStrided(
  data: Numbers,
  out: Numbers,
  shape: readonly number[],
  strides: readonly number[],
  offset = 0,
): void {
  copyStrided({ data, strides, offset }, { data: out, strides: stridesOf(shape), offset: 0 }, shape);
}

/** Where elements lie in an array. */
export interface Strided {
  readonly data: Numbers;
  readonly strides: readonly number[];
  readonly offset: number;
}

/** Copies over `shape`, from one strided view to another. */
export function copyStrided(from: Strided, to: Strided, shape: readonly number[]): void {
  const last = shape.length - 1;
  const run = shape[last] ?? 1;
  const p = from.strides[last] ?? 1;
  const q = to.strides[last] ?? 1;
  const [source, target] = [from.data, to.data];
  eachRow(shape, [from.strides, to.strides], (at) => {
    const start = at[0]! + from.offset;
    const end = at[1]! + to.offset;
    for (let k = 0; k < run; k++) target[end + k * q] = source[start + k * p]!;
  });
}

/** A tensor's elements, as they lie. */
export function dense(t: HostTensor): Strided {
  return { data: numbersOf(t), strides: stridesOf(t.shape), offset: 0 };
}

/** The rows and columns of matrices. */
export function lastTwo<D>(shape: readonly D[]): [D, D] {
  const [rows, columns] = shape.slice(-2);
  if (rows === undefined || columns === undefined)
    throw new Error(`takes matrices, not ${shape.length} axes`);
  return [rows, columns];
}

/** Splits a shape at an axis into what lies outside, the axis, and what lies inside. */
export function around(shape: readonly number[], axis: number): [outer: number, size: number, inner: number] {
  return [elementCount(shape.slice(0, axis)), shape[axis]!, elementCount(shape.slice(axis + 1))];
}
