import type * as tfjs from "@tensorflow/tfjs";
import type { Tensor, Tf } from "../types.js";
import { padImage, spreadGradient } from "./convolution.js";
import { slice, type Numbers } from "./shape.js";

export interface PoolGeometry {
  readonly window: Numbers;
  readonly strides: Numbers;
  /** [[top, bottom], [left, right]]. */
  readonly padding: readonly Numbers[];
}

type Image = tfjs.Tensor4D;
type Pool = (x: Image, window: [number, number], strides: [number, number]) => Tensor;

function outSides(padded: Tensor, g: PoolGeometry): [number, number] {
  const side = (i: 0 | 1): number => Math.floor((padded.shape[i + 1]! - g.window[i]!) / g.strides[i]!) + 1;
  return [side(0), side(1)];
}

/** Each window's element at (fy, fx). */
function corner(tf: Tf, padded: Tensor, g: PoolGeometry, fy: number, fx: number): Tensor {
  const [n, , , c] = padded.shape as [number, number, number, number];
  const [h, w] = outSides(padded, g);
  return slice(tf, padded, [0, fy, fx, 0], [n, h, w, c], [1, g.strides[0]!, g.strides[1]!, 1]);
}

function pool(tf: Tf, padded: Image, g: PoolGeometry, run: Pool): Tensor {
  const [h, w] = g.window as [number, number];
  // XNNPACK refuses windows of one element.
  if (h * w === 1) return tf.clone(corner(tf, padded, g, 0, 0));
  return run(padded, [h, w], [g.strides[0]!, g.strides[1]!]);
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
    const area = g.window[0]! * g.window[1]!;
    return pool(tf, padded, g, (image, window, strides) =>
      tf.mul(tf.avgPool(image, window, strides, "valid"), area),
    );
  });
}

export function sumPoolGrad(tf: Tf, x: Tensor, g: PoolGeometry, shape: Numbers): Tensor {
  return tf.tidy(() => {
    const spread = spreadGradient(tf, x, g.window, { ...g, dilations: [1, 1] }, shape);
    const none = [
      [0, 0],
      [0, 0],
    ];
    return sumPool(tf, spread, { window: g.window, strides: [1, 1], padding: none });
  });
}

/** Where in one example's h·w·c elements each window's first maximum is. */
export function maxPoolArgmax(tf: Tf, x: Tensor, g: PoolGeometry): Tensor {
  return tf.tidy(() => {
    const padded = padImage(tf, x, g.padding, -Infinity);
    const columns = g.window[1]!;
    let best: Tensor | undefined;
    let tap: Tensor | undefined;
    for (let fy = 0; fy < g.window[0]!; fy++) {
      for (let fx = 0; fx < columns; fx++) {
        const here = corner(tf, padded, g, fy, fx);
        const number = tf.scalar(fy * columns + fx, "int32");
        const more = best === undefined ? undefined : tf.greater(here, best);
        tap =
          tap === undefined || more === undefined
            ? tf.fill(here.shape, 0, "int32")
            : tf.where(more, number, tap);
        best = best === undefined ? here : tf.maximum(best, here);
      }
    }
    return places(tf, tap!, x.shape, g);
  });
}

/** Flat places in an example from the numbers of taps in their windows. */
function places(tf: Tf, tap: Tensor, shape: Numbers, g: PoolGeometry): Tensor {
  const [, , width, channels] = shape as [number, number, number, number];
  const [, outHeight, outWidth, c] = tap.shape as [number, number, number, number];
  const origin = new Int32Array(outHeight * outWidth * c).map((_, i) => {
    const y = Math.floor(i / (outWidth * c)) * g.strides[0]! - g.padding[0]![0]!;
    const x = (Math.floor(i / c) % outWidth) * g.strides[1]! - g.padding[1]![0]!;
    return (y * width + x) * channels + (i % c);
  });
  const steps = Array.from({ length: g.window[0]! * g.window[1]! }, (_, t) => {
    const columns = g.window[1]!;
    return (Math.floor(t / columns) * width + (t % columns)) * channels;
  });
  const offset = tf.gather(tf.tensor1d(steps, "int32"), tf.reshape(tap, [-1]));
  return tf.add(tf.reshape(offset, tap.shape), tf.tensor(origin, [1, outHeight, outWidth, c], "int32"));
}
