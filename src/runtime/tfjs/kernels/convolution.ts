import type * as tfjs from "@tensorflow/tfjs";
import type { Tensor, Tf } from "../types.js";
import { four, padOrCut, place, slice, type Numbers } from "./shape.js";

/** Two numbers, for height and width. */
export type Pair = readonly [number, number];

/** [[top, bottom], [left, right]]. */
export type Padding = readonly [Pair, Pair];

export interface Geometry {
  readonly strides: Pair;
  readonly padding: Padding;
  readonly dilations: Pair;
}

type Image = tfjs.Tensor4D;

function isImage(x: Tensor): x is Image {
  return x.rank === 4;
}

/** tfjs wants to know from the types that its convolutions take four axes. */
function asImage(x: Tensor): Image {
  if (!isImage(x)) throw new Error(`an image has four axes, not ${x.rank}`);
  return x;
}

export function padImage(tf: Tf, x: Tensor, [rows, columns]: Padding, value = 0): Image {
  return asImage(padOrCut(tf, x, [0, rows[0], columns[0], 0], [0, rows[1], columns[1], 0], value));
}

/** Every stride-th pixel of the result of a convolution without strides. */
function thin(tf: Tf, x: Tensor, strides: Pair): Tensor {
  const [n, h, w, c] = four(x.shape);
  const size = [n, Math.ceil(h / strides[0]), Math.ceil(w / strides[1]), c];
  return slice(tf, x, [0, 0, 0, 0], size, [1, strides[0], strides[1], 1]);
}

type Convolve = (x: Image, filter: Image, strides: [number, number], dilations: [number, number]) => Tensor;

/** tfjs takes no strides together with dilations: with both, all windows are computed and every stride-th result is kept. */
function strided(tf: Tf, x: Tensor, filter: Tensor, g: Geometry, convolve: Convolve): Tensor {
  const padded = padImage(tf, x, g.padding);
  const both = g.strides.some((s) => s > 1) && g.dilations.some((d) => d > 1);
  const weights = asImage(filter);
  if (!both) return convolve(padded, weights, [...g.strides], [...g.dilations]);
  return thin(tf, convolve(padded, weights, [1, 1], [...g.dilations]), g.strides);
}

export function conv2d(tf: Tf, x: Tensor, filter: Tensor, g: Geometry): Tensor {
  return tf.tidy(() =>
    strided(tf, x, filter, g, (image, weights, strides, dilations) =>
      tf.conv2d(image, weights, strides, "valid", "NHWC", dilations),
    ),
  );
}

/** The output's gradient, spread out and padded so that a plain convolution over it gives `shape`'s pixels. */
export function spreadGradient(tf: Tf, g: Tensor, window: Pair, o: Geometry, shape: Numbers): Image {
  const [n, h, w, c] = four(g.shape);
  const [, height, width] = four(shape);
  const wide = [(h - 1) * o.strides[0] + 1, (w - 1) * o.strides[1] + 1] as const;
  const spread = place(tf, g, [0, 0, 0, 0], [1, o.strides[0], o.strides[1], 1], [n, wide[0], wide[1], c]);
  const around = (axis: 0 | 1, size: number): Pair => {
    const extent = (window[axis] - 1) * o.dilations[axis] + 1;
    const before = extent - 1 - o.padding[axis][0];
    return [before, size + extent - 1 - before - wide[axis]];
  };
  return padImage(tf, spread, [around(0, height), around(1, width)]);
}

export function conv2dInputGrad(tf: Tf, g: Tensor, filter: Tensor, o: Geometry, shape: Numbers): Tensor {
  return tf.tidy(() => {
    const [h, w] = four(filter.shape);
    const spread = spreadGradient(tf, g, [h, w], o, shape);
    const turned = asImage(tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]));
    return tf.conv2d(spread, turned, 1, "valid", "NHWC", [...o.dilations]);
  });
}

/**
 * Computed as a convolution of transposed operands: channels as examples, the output's gradient as the filter, strides and
 * dilations exchanged. The result is larger where strides skip the image's last rows or columns, and is cut.
 */
export function conv2dFilterGrad(tf: Tf, x: Tensor, g: Tensor, o: Geometry, shape: Numbers): Tensor {
  return tf.tidy(() => {
    const [h, w, channels, outChannels] = four(shape);
    const images = tf.transpose(x, [3, 1, 2, 0]);
    const filter = tf.transpose(g, [1, 2, 0, 3]);
    const exchanged = { padding: o.padding, strides: o.dilations, dilations: o.strides };
    const all = conv2d(tf, images, filter, exchanged);
    return tf.transpose(tf.slice(all, [0, 0, 0, 0], [channels, h, w, outChannels]), [1, 2, 0, 3]);
  });
}

/** A filter's shape, the image that it moves over, and the gradient of the result. */
interface Taps {
  readonly x: Tensor;
  readonly g: Tensor;
  readonly o: Geometry;
  readonly shape: Numbers;
}

/** Calls `visit` for each element of the filter with the pixels that it is multiplied by, [N, outHeight, outWidth, C]. */
function eachTap(tf: Tf, { x, g, o, shape }: Taps, visit: (pixels: Tensor) => Tensor): Tensor[] {
  const padded = padImage(tf, x, o.padding);
  const [n, h, w] = four(g.shape);
  const [height, width, channels] = four(shape);
  const out: Tensor[] = [];
  for (let fy = 0; fy < height; fy++) {
    for (let fx = 0; fx < width; fx++) {
      const begin = [0, fy * o.dilations[0], fx * o.dilations[1], 0];
      const stride = [1, o.strides[0], o.strides[1], 1];
      out.push(tf.tidy(() => visit(slice(tf, padded, begin, [n, h, w, channels], stride))));
    }
  }
  return out;
}

export function depthwiseConv2d(tf: Tf, x: Tensor, filter: Tensor, g: Geometry): Tensor {
  return tf.tidy(() =>
    strided(tf, x, filter, g, (image, weights, strides, dilations) =>
      tf.depthwiseConv2d(image, weights, strides, "valid", "NHWC", dilations),
    ),
  );
}

export function depthwiseConv2dInputGrad(
  tf: Tf,
  g: Tensor,
  filter: Tensor,
  o: Geometry,
  shape: Numbers,
): Tensor {
  return tf.tidy(() => {
    const [h, w, channels, multiplier] = four(filter.shape);
    const spread = spreadGradient(tf, g, [h, w], o, shape);
    const turned = asImage(tf.reshape(tf.reverse(filter, [0, 1]), [h, w, channels * multiplier, 1]));
    const each = tf.depthwiseConv2d(spread, turned, 1, "valid", "NHWC", [...o.dilations]);
    return tf.sum(tf.reshape(each, [...shape, multiplier]), -1);
  });
}

export function depthwiseConv2dFilterGrad(tf: Tf, x: Tensor, g: Tensor, o: Geometry, shape: Numbers): Tensor {
  return tf.tidy(() => {
    const [, , channels, multiplier] = four(shape);
    const rows = tf.reshape(g, [-1, channels, multiplier]);
    const sums = eachTap(tf, { x, g, o, shape }, (pixels) =>
      tf.sum(tf.mul(tf.reshape(pixels, [-1, channels, 1]), rows), 0),
    );
    return tf.reshape(tf.stack(sums), [...shape]);
  });
}
