import { SPREAD, SUM, sweep } from "./depthwise";
import { loadFew, storeFew } from "./simd";

/**
 * The maxima of windows of x [batch, height, width, channels]; padding counts as −∞. Writes them to `y` and the flat places
 * of the first of each inside one example (ints) to `places`, both [batch, outHeight, outWidth, channels]; either address
 * may be 0.
 */
export function max_pool(
  x: usize, y: usize, places: usize,
  batch: i32, height: i32, width: i32, channels: i32,
  windowHeight: i32, windowWidth: i32, outHeight: i32, outWidth: i32,
  strideY: i32, strideX: i32, top: i32, left: i32,
): void {
  const two = windowHeight == 2 && windowWidth == 2 && (top | left) == 0 &&
    (outHeight - 1) * strideY + 2 <= height && (outWidth - 1) * strideX + 2 <= width;
  let to: usize = 0;
  for (let example = 0; example < batch; example++) {
    for (let oy = 0; oy < outHeight; oy++) {
      const row = oy * strideY - top;
      const firstY = max(row, 0);
      const rows = min(row + windowHeight, height) - firstY;
      for (let ox = 0; ox < outWidth; ox++) {
        const column = ox * strideX - left;
        const firstX = max(column, 0);
        const columns = two ? 2 : min(column + windowWidth, width) - firstX;
        const place = (firstY * width + firstX) * channels;
        let c = 0;
        for (; c + 4 <= channels; c += 4) {
          largest(two, x, y, places, to, place + c, width, channels, rows, columns, 4);
          to += 16;
        }
        if (c < channels) {
          largest(two, x, y, places, to, place + c, width, channels, rows, columns, channels - c);
          to += (channels - c) << 2;
        }
      }
    }
    x += (height * width * channels) << 2;
  }
}

/** The first maxima in `lanes` channels of a window of rows × columns pixels, the first at `place`. */
@inline
function largest(
  two: bool, x: usize, y: usize, places: usize, to: usize, place: i32, width: i32, channels: i32, rows: i32,
  columns: i32, lanes: i32,
): void {
  let best = lanes == 4 ? v128.load(x + (place << 2)) : loadFew(x + (place << 2), lanes);
  let where = i32x4.splat(place);
  if (two && lanes == 4) {
    const pixel = channels;
    const below = width * channels;
    let p = place + pixel;
    let other = v128.load(x + (p << 2));
    let more = f32x4.gt(other, best);
    best = v128.bitselect(other, best, more);
    where = v128.bitselect(i32x4.splat(p), where, more);
    p = place + below;
    other = v128.load(x + (p << 2));
    more = f32x4.gt(other, best);
    best = v128.bitselect(other, best, more);
    where = v128.bitselect(i32x4.splat(p), where, more);
    p += pixel;
    other = v128.load(x + (p << 2));
    more = f32x4.gt(other, best);
    best = v128.bitselect(other, best, more);
    where = v128.bitselect(i32x4.splat(p), where, more);
  } else {
    for (let i = 0; i < rows; i++) {
      let p = place + i * width * channels;
      for (let j = 0; j < columns; j++) {
        const other = lanes == 4 ? v128.load(x + (p << 2)) : loadFew(x + (p << 2), lanes);
        const more = f32x4.gt(other, best);
        best = v128.bitselect(other, best, more);
        where = v128.bitselect(i32x4.splat(p), where, more);
        p += channels;
      }
    }
  }
  where = i32x4.add(where, i32x4(0, 1, 2, 3));
  if (lanes == 4) {
    if (y) v128.store(y + to, best);
    if (places) v128.store(places + to, where);
  } else {
    if (y) storeFew(y + to, best, lanes);
    if (places) storeFew(places + to, where, lanes);
  }
}

/** y [batch, outHeight, outWidth, channels]: the sums of windows of x; padding counts as 0. */
export function sum_pool(
  x: usize, y: usize,
  batch: i32, height: i32, width: i32, channels: i32,
  windowHeight: i32, windowWidth: i32, outHeight: i32, outWidth: i32,
  strideY: i32, strideX: i32, top: i32, left: i32,
): void {
  memory.fill(y, 0, (batch * outHeight * outWidth * channels) << 2);
  sweep(
    SUM, x, 0, y, batch, height, width, channels, windowHeight, windowWidth, 1, outHeight, outWidth,
    strideY, strideX, top, left, 1, 1,
  );
}

/** dx [batch, height, width, channels] of sum_pool from g, which has its output's shape. */
export function sum_pool_grad(
  g: usize, dx: usize,
  batch: i32, height: i32, width: i32, channels: i32,
  windowHeight: i32, windowWidth: i32, outHeight: i32, outWidth: i32,
  strideY: i32, strideX: i32, top: i32, left: i32,
): void {
  memory.fill(dx, 0, (batch * height * width * channels) << 2);
  sweep(
    SPREAD, dx, 0, g, batch, height, width, channels, windowHeight, windowWidth, 1, outHeight, outWidth,
    strideY, strideX, top, left, 1, 1,
  );
}

/** out[i, j] = x[i, places[i, j]], for `batch` examples of `size` elements and `count` places; 1 if a place is outside. */
export function pool_gather(x: usize, places: usize, out: usize, batch: i32, size: i32, count: i32): i32 {
  for (; batch > 0; batch--) {
    for (let j = count; j > 0; j--) {
      const place = load<i32>(places);
      if (<u32>place >= <u32>size) return 1;
      store<f32>(out, load<f32>(x + (place << 2)));
      places += 4;
      out += 4;
    }
    x += size << 2;
  }
  return 0;
}

/** Zeros of [batch, size] with x[i, j] added at places[i, j]; 1 if a place is outside. */
export function pool_scatter(x: usize, places: usize, out: usize, batch: i32, size: i32, count: i32): i32 {
  memory.fill(out, 0, (batch * size) << 2);
  for (; batch > 0; batch--) {
    for (let j = count; j > 0; j--) {
      const place = load<i32>(places);
      if (<u32>place >= <u32>size) return 1;
      const at = out + (place << 2);
      store<f32>(at, load<f32>(at) + load<f32>(x));
      places += 4;
      x += 4;
    }
    out += size << 2;
  }
  return 0;
}
