import type { Extent, Place, Sizer, Word } from "../../../runtime/wasm/plan.js";
import type { Shape } from "../../../tensor/dimension.js";
import type { PrimitiveName } from "../../../tensor/primitives/index.js";
import type { DType, Operation } from "../../../tensor/program.js";
import type { AttributesOf } from "../../../tensor/site.js";
import { count } from "../builder.js";
import { extentOf, plus, product } from "../extent.js";

/** What a kernel's row needs to know of the operation, and how it calls. */
export interface KernelContext {
  readonly op: Operation;
  /** Where operand i is, its elements one after another. */
  input(i: number): Place;
  shape(i: number): Shape;
  dtype(i: number): DType;
  readonly output: Place;
  readonly outputShape: Shape;
  /** Where the second result of a call goes that gives two. */
  readonly second: Place | undefined;
  readonly bias: Place | undefined;
  readonly relu: boolean;
  readonly accumulate: boolean;
  scratch(size: Extent | Sizer): Place;
  /** Puts words in memory for the kernel to read. */
  words(words: readonly Word[]): Place;
  call(kernel: string, args: readonly Word[], flops?: Extent): void;
}

export type KernelRow<K extends PrimitiveName> = (c: KernelContext, attributes: AttributesOf<K>) => void;

export const zero = count(0);

export function extents(shape: Shape): Extent[] {
  return shape.map(extentOf);
}

export function size(shape: Shape): Extent {
  return product(extents(shape));
}

export function moved(at: Place, offset: Extent): Place {
  return { ...at, offset: plus(at.offset, offset) };
}

/** How many examples there are. */
export function examples(shape: Shape): Extent {
  return size(shape.slice(0, 1));
}

/** An example's elements are those behind the first axis. */
export function exampleSize(shape: Shape): Extent {
  return size(shape.slice(1));
}

export function around(shape: Shape, axis: number): readonly [outer: Word, along: Word, inner: Word] {
  const [outer, along, inner] = [shape.slice(0, axis), shape.slice(axis, axis + 1), shape.slice(axis + 1)];
  return [count(size(outer)), count(size(along)), count(size(inner))];
}

export const isInt = (c: KernelContext): Word => count(c.dtype(0) === "float" ? 0 : 1);
