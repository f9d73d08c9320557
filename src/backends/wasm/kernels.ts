import type { Extent, Place, Sizer, Word } from "../../runtime/wasm/plan.js";
import { ACCUMULATE, BIAS, RELU } from "../../runtime/wasm/opcodes.js";
import { booleanAt, numberAt, numbersAt, shapeAt } from "../../tensor/attributes.js";
import type { Shape } from "../../tensor/dimension.js";
import { geometryOf } from "../../tensor/primitives/linear.js";
import { poolGeometryOf } from "../../tensor/primitives/pool.js";
import type { DType, Operation } from "../../tensor/program.js";
import { bytes, count, place } from "./builder.js";
import { denseStrides, extentOf, negated, plus, product, sameExtent, times, total } from "./extent.js";

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
  /** Words in memory. */
  words(words: readonly Word[]): Place;
  call(kernel: string, args: readonly Word[], flops?: Extent): void;
}

export type KernelRow = (c: KernelContext) => void;

const zero = count(0);

function extents(shape: Shape): Extent[] {
  return shape.map(extentOf);
}

function size(shape: Shape): Extent {
  return product(extents(shape));
}

function moved(at: Place, offset: Extent): Place {
  return { ...at, offset: plus(at.offset, offset) };
}

function flagsOf({ bias, relu, accumulate }: KernelContext): Word[] {
  const flags = (accumulate ? ACCUMULATE : 0) | (bias ? BIAS : 0) | (relu ? RELU : 0);
  return [count(flags), bias ? place(bias) : zero];
}

const matmul: KernelRow = (c) => {
  const [transposeA, transposeB] = [
    booleanAt(c.op.attributes, "transposeA"),
    booleanAt(c.op.attributes, "transposeB"),
  ];
  const shape = extents(c.outputShape);
  const [m, n] = [shape.at(-2)!, shape.at(-1)!];
  const a = extents(c.shape(0));
  const k = transposeA ? a.at(-2)! : a.at(-1)!;
  const batch = product(shape.slice(0, -2));
  const operands = [c.input(0), c.input(1), c.output].map(place);
  const sizes = [batch, m, n, k].map(count);
  const transposes = [transposeA ? 1 : 0, transposeB ? 1 : 0];
  const scratch = place(c.scratch({ kernel: "matmul_scratch", args: [m, n, k, ...transposes] }));
  c.call(
    "matmul",
    [...operands, ...sizes, ...transposes.map(count), ...flagsOf(c), scratch],
    product([2, batch, m, n, k]),
  );
};

/** A convolution's sizes: of the image x, the filter, and the result. */
function convolutionSizes(c: KernelContext, x: Shape, filter: Shape, out: Shape): Extent[] {
  const g = geometryOf(c.op.attributes);
  const [f, o] = [extents(filter), extents(out)];
  const sizes = [...extents(x), f[0]!, f[1]!, f[3]!, o[1]!, o[2]!];
  const geometry = [...g.strides, g.padding[0][0], g.padding[1][0], ...g.dilations];
  return [...sizes, ...geometry];
}

function convolutionScratch(c: KernelContext, sizes: readonly Extent[]): Word {
  return place(c.scratch({ kernel: "convolution_scratch", args: sizes }));
}

function convolutionFlops(filter: Shape, out: Shape): Extent {
  const [f, o] = [extents(filter), extents(out)];
  return product([2, o[0]!, o[1]!, o[2]!, ...f]);
}

const conv2d: KernelRow = (c) => {
  const sizes = convolutionSizes(c, c.shape(0), c.shape(1), c.outputShape);
  const operands = [c.input(0), c.input(1), c.output].map(place);
  const args = [...operands, ...sizes.map(count), ...flagsOf(c), convolutionScratch(c, sizes)];
  c.call("conv2d", args, convolutionFlops(c.shape(1), c.outputShape));
};

const conv2d_input_grad: KernelRow = (c) => {
  const sizes = convolutionSizes(c, c.outputShape, c.shape(1), c.shape(0));
  const operands = [c.input(0), c.input(1), c.output].map(place);
  c.call(
    "conv2d_input_grad",
    [...operands, ...sizes.map(count), convolutionScratch(c, sizes)],
    convolutionFlops(c.shape(1), c.shape(0)),
  );
};

const conv2d_filter_grad: KernelRow = (c) => {
  const sizes = convolutionSizes(c, c.shape(0), c.outputShape, c.shape(1));
  const operands = [c.input(0), c.input(1), c.output].map(place);
  c.call(
    "conv2d_filter_grad",
    [...operands, ...sizes.map(count), convolutionScratch(c, sizes)],
    convolutionFlops(c.outputShape, c.shape(1)),
  );
};

/** The three depthwise kernels; which of their shapes are image, filter and result. */
function depthwise(
  kernel: string,
  of: (c: KernelContext) => readonly [x: Shape, filter: Shape, out: Shape],
): KernelRow {
  return (c) => {
    const [x, filter, out] = of(c);
    const operands = [c.input(0), c.input(1), c.output].map(place);
    const [f, o] = [extents(filter), extents(out)];
    c.call(
      kernel,
      [...operands, ...convolutionSizes(c, x, filter, out).map(count)],
      product([2, f[0]!, f[1]!, ...o]),
    );
  };
}

function poolSizes(c: KernelContext, x: Shape, out: Shape): Word[] {
  const g = poolGeometryOf(c.op.attributes);
  const o = extents(out);
  const sizes = [...extents(x), ...g.window, o[1]!, o[2]!];
  return [...sizes, ...g.strides, g.padding[0][0], g.padding[1][0]].map(count);
}

const max_pool: KernelRow = (c) =>
  c.call("max_pool", [
    place(c.input(0)),
    place(c.output),
    c.second ? place(c.second) : zero,
    ...poolSizes(c, c.shape(0), c.outputShape),
  ]);

const max_pool_argmax: KernelRow = (c) =>
  c.call("max_pool", [place(c.input(0)), zero, place(c.output), ...poolSizes(c, c.shape(0), c.outputShape)]);

const sum_pool: KernelRow = (c) =>
  c.call("sum_pool", [place(c.input(0)), place(c.output), ...poolSizes(c, c.shape(0), c.outputShape)]);

const sum_pool_grad: KernelRow = (c) =>
  c.call("sum_pool_grad", [place(c.input(0)), place(c.output), ...poolSizes(c, c.outputShape, c.shape(0))]);

/** An example's elements are those behind the first axis. */
function exampleSize(shape: Shape): Extent {
  return size(shape.slice(1));
}

const pool_gather: KernelRow = (c) => {
  const sizes = [extentOf(c.shape(0)[0]!), exampleSize(c.shape(0)), exampleSize(c.shape(1))];
  c.call("pool_gather", [place(c.input(0)), place(c.input(1)), place(c.output), ...sizes.map(count)]);
};

const pool_scatter: KernelRow = (c) => {
  const sizes = [extentOf(c.outputShape[0]!), exampleSize(c.outputShape), exampleSize(c.shape(0))];
  c.call("pool_scatter", [place(c.input(0)), place(c.input(1)), place(c.output), ...sizes.map(count)]);
};

function around(shape: Shape, axis: number): Word[] {
  return [size(shape.slice(0, axis)), extentOf(shape[axis]!), size(shape.slice(axis + 1))].map(count);
}

const gather: KernelRow = (c) => {
  const shape = c.shape(0);
  const axis = numberAt(c.op.attributes, "axis");
  const [outer, rows, inner] = around(shape, axis);
  const indices = count(size(c.shape(1)));
  c.call("gather", [place(c.input(0)), place(c.input(1)), place(c.output), outer!, rows!, indices, inner!]);
};

const scatter_add: KernelRow = (c) => {
  const sizes = [size(c.shape(0)), extentOf(c.outputShape[0]!), exampleSize(c.outputShape)];
  c.call("scatter_add", [place(c.input(0)), place(c.input(1)), place(c.output), ...sizes.map(count)]);
};

/** A copy of elements from one dense or strided place to another. */
function stridedCopy(
  c: KernelContext,
  source: Place,
  target: Place,
  sizes: readonly Extent[],
  from: readonly Extent[],
  to: readonly Extent[],
): void {
  const axes = sizes.flatMap((s, i) => [s, from[i]!, to[i]!]);
  const block = c.words([sizes.length, ...axes].map(count));
  c.call("strided_copy", [place(source), place(target), place(block)]);
}

function isSwapOfLast(perm: readonly number[]): boolean {
  const rank = perm.length;
  return perm.every((axis, i) => axis === (i === rank - 1 ? rank - 2 : i === rank - 2 ? rank - 1 : i));
}

const transpose: KernelRow = (c) => {
  const perm = numbersAt(c.op.attributes, "perm");
  const shape = extents(c.shape(0));
  if (isSwapOfLast(perm)) {
    const sizes = [product(shape.slice(0, -2)), shape.at(-2)!, shape.at(-1)!];
    c.call("transpose", [place(c.input(0)), place(c.output), ...sizes.map(count)]);
    return;
  }
  const strides = denseStrides(shape);
  const sizes = perm.map((axis) => shape[axis]!);
  const from = perm.map((axis) => strides[axis]!);
  stridedCopy(c, c.input(0), c.output, sizes, from, denseStrides(sizes));
};

const reverse: KernelRow = (c) => {
  const axes = numbersAt(c.op.attributes, "axes");
  const shape = extents(c.shape(0));
  const strides = denseStrides(shape);
  const start = total(axes.map((a) => times(strides[a]!, plus(shape[a]!, -1))));
  const from = strides.map((s, i) => (axes.includes(i) ? negated(s) : s));
  stridedCopy(c, moved(c.input(0), start), c.output, shape, from, strides);
};

function filled(c: KernelContext, value: Word): void {
  c.call("fill", [place(c.output), value, count(size(c.outputShape))]);
}

const placed: KernelRow = (c) => {
  const begin = shapeAt(c.op.attributes, "begin").map(extentOf);
  const stride = numbersAt(c.op.attributes, "stride");
  const own = denseStrides(extents(c.outputShape));
  filled(c, zero);
  const start = total(own.map((s, i) => times(s, begin[i]!)));
  const from = denseStrides(extents(c.shape(0)));
  const to = own.map((s, i) => times(s, stride[i]!));
  stridedCopy(c, c.input(0), moved(c.output, start), extents(c.shape(0)), from, to);
};

const pad: KernelRow = (c) => {
  const before = shapeAt(c.op.attributes, "before").map(extentOf);
  const value = numberAt(c.op.attributes, "value");
  const own = denseStrides(extents(c.outputShape));
  filled(c, c.dtype(0) === "float" ? { float: value } : count(c.dtype(0) === "bool" ? -value : value));
  const start = total(own.map((s, i) => times(s, before[i]!)));
  const sizes = extents(c.shape(0));
  stridedCopy(c, c.input(0), moved(c.output, start), sizes, denseStrides(sizes), own);
};

const concat: KernelRow = (c) => {
  const axis = numberAt(c.op.attributes, "axis");
  const own = denseStrides(extents(c.outputShape));
  let at: Extent = 0;
  c.op.inputs.forEach((_, i) => {
    const sizes = extents(c.shape(i));
    const target = moved(c.output, times(at, own[axis]!));
    if (sameExtent(product(sizes.slice(0, axis)), 1)) {
      c.call("copy", [place(c.input(i)), place(target), count(bytes(product(sizes)))]);
    } else stridedCopy(c, c.input(i), target, sizes, denseStrides(sizes), own);
    at = plus(at, sizes[axis]!);
  });
};

const isInt = (c: KernelContext): Word => count(c.dtype(0) === "float" ? 0 : 1);

const sum: KernelRow = (c) => {
  const axes = numbersAt(c.op.attributes, "axes");
  const sizes = extents(c.shape(0));
  const strides = denseStrides(sizes);
  const list = (wanted: boolean): Extent[] => {
    const all = sizes.flatMap((s, i) => (axes.includes(i) === wanted ? [s, strides[i]!] : []));
    return [all.length / 2, ...all];
  };
  const block = c.words([...list(false), ...list(true)].map(count));
  c.call("reduce_sum", [place(c.input(0)), place(c.output), place(block), isInt(c)], size(c.shape(0)));
};

/** A kernel along one axis. */
function along(kernel: string, more: (c: KernelContext) => Word[] = () => []): KernelRow {
  return (c) => {
    const sizes = around(c.shape(0), numberAt(c.op.attributes, "axis"));
    c.call(kernel, [place(c.input(0)), place(c.output), ...sizes, ...more(c)]);
  };
}

const flag = (c: KernelContext, key: string): Word => count(booleanAt(c.op.attributes, key) ? 1 : 0);

const argsort = along("argsort", (c) => {
  const length = extentOf(c.shape(0)[numberAt(c.op.attributes, "axis")]!);
  return [flag(c, "ascending"), isInt(c), place(c.scratch(times(length, 2)))];
});

/** The kernel of every primitive that is no instruction of a chain and no view. */
export const kernelRows = {
  matmul,
  conv2d,
  conv2d_input_grad,
  conv2d_filter_grad,
  depthwise_conv2d: depthwise("depthwise_conv2d", (c) => [c.shape(0), c.shape(1), c.outputShape]),
  depthwise_conv2d_input_grad: depthwise("depthwise_conv2d_input_grad", (c) => [
    c.outputShape,
    c.shape(1),
    c.shape(0),
  ]),
  depthwise_conv2d_filter_grad: depthwise("depthwise_conv2d_filter_grad", (c) => [
    c.shape(0),
    c.outputShape,
    c.shape(1),
  ]),
  max_pool,
  max_pool_argmax,
  sum_pool,
  sum_pool_grad,
  pool_gather,
  pool_scatter,
  gather,
  scatter_add,
  transpose,
  reverse,
  place: placed,
  pad,
  concat,
  sum,
  max_reduce: along("reduce_max", (c) => [isInt(c)]),
  argmax: along("argmax", (c) => [isInt(c)]),
  argsort,
  cumsum: along("cumsum", (c) => [flag(c, "exclusive"), flag(c, "reverse"), isInt(c)]),
} satisfies Record<string, KernelRow>;
