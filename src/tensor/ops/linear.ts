import { boolean, padding, pair, shape, type Padding } from "../attributes.js";
import type { Shape } from "../dimension.js";
import type { Emitter } from "../emitter.js";
import type { Value } from "../program.js";
import { signature } from "../signature.js";

export const matmulSignature = signature("matmul", 2, { transposeA: boolean, transposeB: boolean });

/** The matrix product over the last two axes; the leading ones are equal. */
export function matmul(
  b: Emitter,
  x: Value,
  y: Value,
  { transposeA = false, transposeB = false }: { transposeA?: boolean; transposeB?: boolean } = {},
): Value {
  return matmulSignature.emit(b, [x, y], { transposeA, transposeB });
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

/** How a filter goes over an image. */
export type Geometry = Required<ConvolutionOptions>;

/** How a window goes over an image. */
export type PoolGeometry = Required<PoolOptions>;

const geometry = { strides: pair, padding, dilations: pair };
const poolGeometry = { window: pair, strides: pair, padding };

function convolution(o: ConvolutionOptions): Geometry {
  return {
    strides: o.strides ?? [1, 1],
    padding: o.padding ?? NO_PADDING,
    dilations: o.dilations ?? [1, 1],
  };
}

function pool(o: PoolOptions): PoolGeometry {
  return { window: o.window, strides: o.strides ?? o.window, padding: o.padding ?? NO_PADDING };
}

export const conv2dSignature = signature("conv2d", 2, geometry);

/** x [N, H, W, C], filter [h, w, C, O]. */
export function conv2d(b: Emitter, x: Value, filter: Value, o: ConvolutionOptions = {}): Value {
  return conv2dSignature.emit(b, [x, filter], convolution(o));
}

export const conv2dInputGradSignature = signature("conv2d_input_grad", 2, { ...geometry, shape });

/** The gradient of conv2d to its input, of `shape`; also a transposed convolution. */
export function conv2dInputGrad(
  b: Emitter,
  g: Value,
  filter: Value,
  shape: Shape,
  o: ConvolutionOptions = {},
): Value {
  return conv2dInputGradSignature.emit(b, [g, filter], { ...convolution(o), shape });
}

export const conv2dFilterGradSignature = signature("conv2d_filter_grad", 2, { ...geometry, shape });

/** The gradient of conv2d to its filter, of `shape`. */
export function conv2dFilterGrad(
  b: Emitter,
  x: Value,
  g: Value,
  shape: Shape,
  o: ConvolutionOptions = {},
): Value {
  return conv2dFilterGradSignature.emit(b, [x, g], { ...convolution(o), shape });
}

export const depthwiseConv2dSignature = signature("depthwise_conv2d", 2, geometry);

/** x [N, H, W, C], filter [h, w, C, M]; output channel c·M + m. */
export function depthwiseConv2d(b: Emitter, x: Value, filter: Value, o: ConvolutionOptions = {}): Value {
  return depthwiseConv2dSignature.emit(b, [x, filter], convolution(o));
}

export const depthwiseConv2dInputGradSignature = signature("depthwise_conv2d_input_grad", 2, {
  ...geometry,
  shape,
});

export function depthwiseConv2dInputGrad(
  b: Emitter,
  g: Value,
  filter: Value,
  shape: Shape,
  o: ConvolutionOptions = {},
): Value {
  return depthwiseConv2dInputGradSignature.emit(b, [g, filter], { ...convolution(o), shape });
}

export const depthwiseConv2dFilterGradSignature = signature("depthwise_conv2d_filter_grad", 2, {
  ...geometry,
  shape,
});

export function depthwiseConv2dFilterGrad(
  b: Emitter,
  x: Value,
  g: Value,
  shape: Shape,
  o: ConvolutionOptions = {},
): Value {
  return depthwiseConv2dFilterGradSignature.emit(b, [x, g], { ...convolution(o), shape });
}

export const maxPoolSignature = signature("max_pool", 1, poolGeometry);

/** The gradient goes to the first maximum of a window; padding counts as -infinity. */
export function maxPool(b: Emitter, x: Value, o: PoolOptions): Value {
  return maxPoolSignature.emit(b, [x], pool(o));
}

export const maxPoolArgmaxSignature = signature("max_pool_argmax", 1, poolGeometry);

/** Where in one example's h·w·c elements each window's first maximum is. */
export function maxPoolArgmax(b: Emitter, x: Value, o: PoolOptions): Value {
  return maxPoolArgmaxSignature.emit(b, [x], pool(o));
}

export const sumPoolSignature = signature("sum_pool", 1, poolGeometry);

/** Sums of windows; padding counts as 0. */
export function sumPool(b: Emitter, x: Value, o: PoolOptions): Value {
  return sumPoolSignature.emit(b, [x], pool(o));
}

export const sumPoolGradSignature = signature("sum_pool_grad", 1, { ...poolGeometry, shape });

/** The gradient of sumPool to its input, of `shape`. */
export function sumPoolGrad(b: Emitter, g: Value, shape: Shape, o: PoolOptions): Value {
  return sumPoolGradSignature.emit(b, [g], { ...pool(o), shape });
}
