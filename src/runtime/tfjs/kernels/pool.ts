import type * as tfjs from "@tensorflow/tfjs";
import type { Tensor, Tf } from "../types.js";
import { padImage, spreadGradient, type Padding, type Pair } from "./convolution.js";
import { four, slice, type Numbers } from "./shape.js";

export interface PoolGeometry {
  readonly window: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
}

type Image = tfjs.Tensor4D;
type Pool = (x: Image, window: [number, number], strides: [number, number]) => Tensor;

function outSides(padded: Tensor, g: PoolGeometry): [number, number] {
  const [, height, width] = four(padded.shape);
  const side = (i: 0 | 1, size: number) => Math.floor((size - g.window[i]) / g.strides[i]) + 1;
  return [side(0, height), side(1, width)];
}

/** Each window's element at (fy, fx). */
function corner(tf: Tf, padded: Tensor, g: PoolGeometry, fy: number, fx: number): Tensor {
  const [n, , , c] = four(padded.shape);
  const [h, w] = outSides(padded, g);
  return slice(tf, padded, [0, fy, fx, 0], [n, h, w, c], [1, g.strides[0], g.strides[1], 1]);
}

function pool(tf: Tf, padded: Image, g: PoolGeometry, run: Pool): Tensor {
  const [h, w] = g.window;
  // XNNPACK, which tfjs on wasm uses, refuses windows of one element.
  if (h * w === 1) return tf.clone(corner(tf, padded, g, 0, 0));
  return run(padded, [...g.window], [...g.strides]);
}

export function maxPool(tf: Tf, x: Tensor, g: PoolGeometry): Tensor {
  return tf.tidy(() => {
    const padded = padImage(tf, x, g.padding, -Infinity);
    return pool(tf, padded, g, (image, window, strides) => tf.maxPool(image, window, strides, "valid"));
  });
}

export function sumPool(tf: Tf, x: Tensor, g: PoolGeometry): Tensor {
  return tf.tidy(() => {
    const padded = padImage(tf, x, g.padding);
    const area = g.window[0] * g.window[1];
    return pool(tf, padded, g, (image, window, strides) =>
      tf.mul(tf.avgPool(image, window, strides, "valid"), area),
    );
  });
}

export function sumPoolGrad(tf: Tf, x: Tensor, g: PoolGeometry, shape: Numbers): Tensor {
  return tf.tidy(() => {
    const spread = spreadGradient(tf, x, g.window, { ...g, dilations: [1, 1] }, shape);
    const none = [0, 0] as const;
    return sumPool(tf, spread, { window: g.window, strides: [1, 1], padding: [none, none] });
  });
}

/** Where in one example's h·w·c elements each window's first maximum is. */
export function maxPoolArgmax(tf: Tf, x: Tensor, g: PoolGeometry): Tensor {
  return tf.tidy(() => {
    const padded = padImage(tf, x, g.padding, -Infinity);
    const [, , width, channels] = four(x.shape);
    let best = corner(tf, padded, g, 0, 0);
    let place = tf.fill(best.shape, 0, "int32");
    for (let tap = 1; tap < g.window[0] * g.window[1]; tap++) {
      const [fy, fx] = [Math.floor(tap / g.window[1]), tap % g.window[1]];
      const here = corner(tf, padded, g, fy, fx);
      const offset = tf.fill(best.shape, (fy * width + fx) * channels, "int32");
      place = tf.where(tf.greater(here, best), offset, place);
      best = tf.maximum(best, here);
    }
    return tf.add(place, tf.tensor(origins(best.shape, x.shape, g), best.shape, "int32"));
  });
}

/** Where each window begins in its example, in full shape, since tfjs on wasm broadcasts ints slowly. */
function origins(out: Numbers, shape: Numbers, g: PoolGeometry): Int32Array {
  const [batch, outHeight, outWidth, channels] = four(out);
  const [, , width] = four(shape);
  const all = new Int32Array(batch * outHeight * outWidth * channels);
  const one = all.length / batch;
  let at = 0;
  for (let oy = 0; oy < outHeight; oy++) {
    for (let ox = 0; ox < outWidth; ox++) {
      const y = oy * g.strides[0] - g.padding[0][0];
      const x = ox * g.strides[1] - g.padding[1][0];
      for (let c = 0; c < channels; c++) all[at++] = (y * width + x) * channels + c;
    }
  }
  for (let n = 1; n < batch; n++) all.copyWithin(n * one, 0, one);
  return all;
}
