import { loadFew, multiplyAdd, storeFew } from "./simd";

// What one sweep adds to: with image x, weights w and result y,
/** y += x · w. */
const FORWARD: i32 = 0;
/** x += y · w. */
const INPUT_GRAD: i32 = 1;
/** w += x · y. */
const FILTER_GRAD: i32 = 2;
/** y += x. */
export const SUM: i32 = 3;
/** x += y. */
export const SPREAD: i32 = 4;

/**
 * y [batch, outHeight, outWidth, channels · multiplier] = depthwise correlation of x [batch, height, width, channels].
 * Filters are [filterHeight, filterWidth, channels, multiplier]; output channel c · multiplier + m.
 */
export function depthwise_conv2d(
  x: usize, filter: usize, y: usize,
  batch: i32, height: i32, width: i32, channels: i32,
  filterHeight: i32, filterWidth: i32, multiplier: i32, outHeight: i32, outWidth: i32,
  strideY: i32, strideX: i32, top: i32, left: i32, dilationY: i32, dilationX: i32,
): void {
  memory.fill(y, 0, (batch * outHeight * outWidth * channels * multiplier) << 2);
  sweep(
    FORWARD, x, filter, y, batch, height, width, channels, filterHeight, filterWidth, multiplier, outHeight, outWidth,
    strideY, strideX, top, left, dilationY, dilationX,
  );
}

/** dx [batch, height, width, channels] of depthwise_conv2d from g, which has its output's shape. */
export function depthwise_conv2d_input_grad(
  g: usize, filter: usize, dx: usize,
  batch: i32, height: i32, width: i32, channels: i32,
  filterHeight: i32, filterWidth: i32, multiplier: i32, outHeight: i32, outWidth: i32,
  strideY: i32, strideX: i32, top: i32, left: i32, dilationY: i32, dilationX: i32,
): void {
  memory.fill(dx, 0, (batch * height * width * channels) << 2);
  sweep(
    INPUT_GRAD, dx, filter, g, batch, height, width, channels, filterHeight, filterWidth, multiplier, outHeight,
    outWidth, strideY, strideX, top, left, dilationY, dilationX,
  );
}

/** dfilter [filterHeight, filterWidth, channels, multiplier] of depthwise_conv2d from x and g. */
export function depthwise_conv2d_filter_grad(
  x: usize, g: usize, dfilter: usize,
  batch: i32, height: i32, width: i32, channels: i32,
  filterHeight: i32, filterWidth: i32, multiplier: i32, outHeight: i32, outWidth: i32,
  strideY: i32, strideX: i32, top: i32, left: i32, dilationY: i32, dilationX: i32,
): void {
  memory.fill(dfilter, 0, (filterHeight * filterWidth * channels * multiplier) << 2);
  sweep(
    FILTER_GRAD, x, dfilter, g, batch, height, width, channels, filterHeight, filterWidth, multiplier, outHeight,
    outWidth, strideY, strideX, top, left, dilationY, dilationX,
  );
}

/** The first window along an axis whose tap at `place` (its place in the first window) lies inside. */
@inline
function firstInside(place: i32, stride: i32): i32 {
  return place >= 0 ? 0 : (stride - 1 - place) / stride;
}

/** One past the last such window, of `count`. */
@inline
function endInside(place: i32, stride: i32, size: i32, count: i32): i32 {
  return place >= size ? 0 : min(count, (size - 1 - place) / stride + 1);
}

/** Adds every product of a windowed, channel by channel operation, one tap and one line of windows at a time. */
export function sweep(
  mode: i32, x: usize, filter: usize, y: usize,
  batch: i32, height: i32, width: i32, channels: i32,
  filterHeight: i32, filterWidth: i32, multiplier: i32, outHeight: i32, outWidth: i32,
  strideY: i32, strideX: i32, top: i32, left: i32, dilationY: i32, dilationX: i32,
): void {
  const outChannels = channels * multiplier;
  const stepX: usize = (strideX * channels) << 2;
  for (let line = 0; line < batch * outHeight; line++) {
    const example = line / outHeight;
    const firstRow = (line - example * outHeight) * strideY - top;
    for (let fy = 0; fy < filterHeight; fy++) {
      const row = firstRow + fy * dilationY;
      if (row < 0 || row >= height) continue;
      for (let fx = 0; fx < filterWidth; fx++) {
        const place = fx * dilationX - left;
        const begin = firstInside(place, strideX);
        const count = endInside(place, strideX, width, outWidth) - begin;
        if (count <= 0) continue;
        const p = x + ((((example * height + row) * width + begin * strideX + place) * channels) << 2);
        const w = filter + (((fy * filterWidth + fx) * outChannels) << 2);
        const q = y + (((line * outWidth + begin) * outChannels) << 2);
        if (multiplier == 1) vectorLine(mode, p, stepX, w, q, channels, count);
        else scalarLine(mode, p, stepX, w, q, channels, multiplier, count);
      }
    }
  }
}

/** One tap over `count` windows side by side, four channels at a time. */
function vectorLine(mode: i32, x: usize, stepX: usize, w: usize, y: usize, channels: i32, count: i32): void {
  const stepY: usize = channels << 2;
  let c = channels;
  for (; c > 3; c -= 4) {
    fourChannels(mode, x, stepX, w, y, stepY, 4, count);
    x += 16;
    w += 16;
    y += 16;
  }
  if (c > 0) fourChannels(mode, x, stepX, w, y, stepY, c, count);
}

@inline
function fourChannels(
  mode: i32, x: usize, stepX: usize, w: usize, y: usize, stepY: usize, lanes: i32, count: i32,
): void {
  if (mode == FORWARD) {
    const weight = get(w, lanes);
    for (; count > 0; count--, x += stepX, y += stepY) {
      put(y, multiplyAdd(get(x, lanes), weight, get(y, lanes)), lanes);
    }
  } else if (mode == INPUT_GRAD) {
    const weight = get(w, lanes);
    for (; count > 0; count--, x += stepX, y += stepY) {
      put(x, multiplyAdd(get(y, lanes), weight, get(x, lanes)), lanes);
    }
  } else if (mode == FILTER_GRAD) {
    let sum = get(w, lanes);
    for (; count > 0; count--, x += stepX, y += stepY) sum = multiplyAdd(get(x, lanes), get(y, lanes), sum);
    put(w, sum, lanes);
  } else if (mode == SUM) {
    for (; count > 0; count--, x += stepX, y += stepY) put(y, f32x4.add(get(x, lanes), get(y, lanes)), lanes);
  } else {
    for (; count > 0; count--, x += stepX, y += stepY) put(x, f32x4.add(get(x, lanes), get(y, lanes)), lanes);
  }
}

@inline
function get(at: usize, lanes: i32): v128 {
  return lanes == 4 ? v128.load(at) : loadFew(at, lanes);
}

@inline
function put(at: usize, x: v128, lanes: i32): void {
  if (lanes == 4) v128.store(at, x);
  else storeFew(at, x, lanes);
}

/** One tap over `count` windows side by side, where each channel has several filters. */
function scalarLine(
  mode: i32, x: usize, stepX: usize, w: usize, y: usize, channels: i32, multiplier: i32, count: i32,
): void {
  for (; count > 0; count--) {
    let v = w;
    for (let c = 0; c < channels; c++) {
      const p = x + (c << 2);
      for (let m = 0; m < multiplier; m++) {
        if (mode == FORWARD) store<f32>(y, load<f32>(y) + load<f32>(p) * load<f32>(v));
        else if (mode == INPUT_GRAD) store<f32>(p, load<f32>(p) + load<f32>(y) * load<f32>(v));
        else store<f32>(v, load<f32>(v) + load<f32>(p) * load<f32>(y));
        v += 4;
        y += 4;
      }
    }
    x += stepX;
  }
}
