import type { Padding } from "../attributes.js";
import { fourSides } from "../dimension.js";

/** A convolution's geometry with every size a number: NHWC, filter HWIO. */
export interface ConvolutionSize {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  readonly strides: readonly [number, number];
  readonly top: number;
  readonly left: number;
  readonly dilations: readonly [number, number];
}

/** Calls `visit` for each tap (an element of a window) with the index of its pixel in one example; -1 in the padding. */
function eachTap(s: ConvolutionSize, visit: (tap: number, pixel: number) => void): void {
  const [down, across] = s.strides;
  const [rowGap, columnGap] = s.dilations;
  let tap = 0;
  for (let oy = 0; oy < s.outHeight; oy++) {
    for (let ox = 0; ox < s.outWidth; ox++) {
      for (let fy = 0; fy < s.filterHeight; fy++) {
        const y = oy * down - s.top + fy * rowGap;
        for (let fx = 0; fx < s.filterWidth; fx++) {
          const x = ox * across - s.left + fx * columnGap;
          const inside = y >= 0 && y < s.height && x >= 0 && x < s.width;
          visit(tap++, inside ? y * s.width + x : -1);
        }
      }
    }
  }
}

/** One example's windows as rows: [outHeight · outWidth, filterHeight · filterWidth · channels]. */
export function windowsOf(x: Float64Array, example: number, s: ConvolutionSize, out: Float64Array): void {
  const from = example * s.height * s.width * s.channels;
  const c = s.channels;
  eachTap(s, (tap, pixel) => {
    for (let k = 0; k < c; k++) out[tap * c + k] = pixel < 0 ? 0 : x[from + pixel * c + k]!;
  });
}

/** The transpose of `windowsOf`: adds rows of windows back to the example's pixels. */
export function addWindows(
  windows: Float64Array,
  example: number,
  s: ConvolutionSize,
  out: Float64Array,
): void {
  const to = example * s.height * s.width * s.channels;
  const c = s.channels;
  eachTap(s, (tap, pixel) => {
    if (pixel < 0) return;
    for (let k = 0; k < c; k++) out[to + pixel * c + k]! += windows[tap * c + k]!;
  });
}

/** The taps of one example's geometry, for kernels that work on pixels directly: -1 in the padding. */
function tapsOf(s: ConvolutionSize): Int32Array {
  const out = new Int32Array(s.outHeight * s.outWidth * s.filterHeight * s.filterWidth);
  eachTap(s, (tap, pixel) => {
    out[tap] = pixel;
  });
  return out;
}

/** How a window moves over images [N, H, W, C], whatever the filter's shape is. */
export interface WindowGeometry {
  readonly window: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;
  readonly dilations: readonly [number, number];
}

/** The taps of a window that works channel by channel, from images to `out`. */
export function windowTaps(x: readonly number[], out: readonly number[], g: WindowGeometry): Int32Array {
  const [batch, height, width, channels] = fourSides(x);
  const [, outHeight, outWidth] = fourSides(out);
  return tapsOf({
    batch,
    height,
    width,
    channels,
    filterHeight: g.window[0],
    filterWidth: g.window[1],
    outHeight,
    outWidth,
    outChannels: channels,
    strides: g.strides,
    top: g.padding[0][0],
    left: g.padding[1][0],
    dilations: g.dilations,
  });
}
