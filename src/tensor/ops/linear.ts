import type { Padding } from "../attributes.js";
import type { Shape } from "../dimension.js";
import type { Emitter } from "../emitter.js";
import type { Value } from "../program.js";

/** Of the last two axes; the leading ones are equal. */
export function matmul(
  b: Emitter,
  x: Value,
  y: Value,
  { transposeA = false, transposeB = false }: { transposeA?: boolean; transposeB?: boolean } = {},
): Value {
  return b.emit("matmul", [x, y], { transposeA, transposeB });
}

export interface ConvolutionOptions {
  readonly strides?: readonly [number, number];
  /** [[top, bottom], [left, right]]. */
  readonly padding?: Padding;
  readonly dilations?: readonly [number, number];
}

export interface PoolOptions {
  readonly window: readonly [number, number];
  readonly strides?: readonly [number, number];
  readonly padding?: Padding;
}

const NO_PADDING: Padding = [
  [0, 0],
  [0, 0],
];

function convolution(o: ConvolutionOptions): Record<string, readonly number[] | Padding> {
  return {
    strides: o.strides ?? [1, 1],
    padding: o.padding ?? NO_PADDING,
    dilations: o.dilations ?? [1, 1],
  };
}

function pool(o: PoolOptions): Record<string, readonly number[] | Padding> {
  return { window: o.window, strides: o.strides ?? o.window, padding: o.padding ?? NO_PADDING };
}

/** x [N, H, W, C], filter [h, w, C, O]. */
export function conv2d(b: Emitter, x: Value, filter: Value, o: ConvolutionOptions = {}): Value {
  return b.emit("conv2d", [x, filter], convolution(o));
}

/** The gradient of conv2d to its input, of `shape`; also a transposed convolution. */
export function conv2dInputGrad(
  b: Emitter,
  g: Value,
  filter: Value,
  shape: Shape,
  o: ConvolutionOptions = {},
): Value {
  return b.emit("conv2d_input_grad", [g, filter], { ...convolution(o), shape });
}

/** The gradient of conv2d to its filter, of `shape`. */
export function conv2dFilterGrad(
  b: Emitter,
  x: Value,
  g: Value,
  shape: Shape,
  o: ConvolutionOptions = {},
): Value {
  return b.emit("conv2d_filter_grad", [x, g], { ...convolution(o), shape });
}

/** x [N, H, W, C], filter [h, w, C, M]; output channel c·M + m. */
export function depthwiseConv2d(b: Emitter, x: Value, filter: Value, o: ConvolutionOptions = {}): Value {
  return b.emit("depthwise_conv2d", [x, filter], convolution(o));
}

export function depthwiseConv2dInputGrad(
  b: Emitter,
  g: Value,
  filter: Value,
  shape: Shape,
  o: ConvolutionOptions = {},
): Value {
  return b.emit("depthwise_conv2d_input_grad", [g, filter], { ...convolution(o), shape });
}

export function depthwiseConv2dFilterGrad(
  b: Emitter,
  x: Value,
  g: Value,
  shape: Shape,
  o: ConvolutionOptions = {},
): Value {
  return b.emit("depthwise_conv2d_filter_grad", [x, g], { ...convolution(o), shape });
}

/** The gradient goes to the first maximum of a window; padding counts as -infinity. */
export function maxPool(b: Emitter, x: Value, o: PoolOptions): Value {
  return b.emit("max_pool", [x], pool(o));
}

/** Where in one example's h·w·c elements each window's first maximum is. */
export function maxPoolArgmax(b: Emitter, x: Value, o: PoolOptions): Value {
  return b.emit("max_pool_argmax", [x], pool(o));
}

/** x's elements at these flat indices of each example. */
export function poolGather(b: Emitter, x: Value, indices: Value): Value {
  return b.emit("pool_gather", [x, indices]);
}

/** Zeros of `shape` with g added at these flat indices of each example. */
export function poolScatter(b: Emitter, g: Value, indices: Value, shape: Shape): Value {
  return b.emit("pool_scatter", [g, indices], { shape });
}

/** Sums of windows; padding counts as 0. */
export function sumPool(b: Emitter, x: Value, o: PoolOptions): Value {
  return b.emit("sum_pool", [x], pool(o));
}

/** The gradient of sumPool to its input, of `shape`. */
export function sumPoolGrad(b: Emitter, g: Value, shape: Shape, o: PoolOptions): Value {
  return b.emit("sum_pool_grad", [g], { ...pool(o), shape });
}
