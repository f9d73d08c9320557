import { ACCUMULATE } from "../src/runtime/wasm/opcodes";
import { copyBand } from "./convolution-band";
import {
  FILTER_GRAD, FORWARD, INPUT_GRAD, batch, channels, dilationX, dilationY, direction, filterHeight, filterWidth,
  floorDivide, left, outChannels, panelBytes, plan, rowTableBytes, sourceChannels, sourceHeight,
  sourceWidth, spanX, spanY, stepTableBytes, strideX, strideY, targetHeight, targetWidth, tileColumns, tileExamples,
  tileRows, top,
} from "./convolution-plan";
import { matmul, matmul_scratch } from "./matmul";
import { packColumns, packRows } from "./matmul-pack";
import { indirect } from "./matmul-tile";

/** y = conv2d of x [batch, height, width, channels] and a filter [h, w, channels, outChannels]; flags as in matmul. */
export function conv2d(
  x: usize, filter: usize, y: usize,
  batch: i32, height: i32, width: i32, channels: i32,
  filterHeight: i32, filterWidth: i32, outChannels: i32, outHeight: i32, outWidth: i32,
  strideY: i32, strideX: i32, top: i32, left: i32, dilationY: i32, dilationX: i32,
  flags: i32, bias: usize, scratch: usize,
): void {
  const pixels = batch * height * width;
  if (isPointwise(filterHeight * filterWidth * strideY * strideX, height, width, outHeight, outWidth)) {
    matmul(
      x, filter, y, 1, 0, 0, 0, pixels, outChannels, channels, channels, outChannels, outChannels, 0, 0,
      flags, bias, scratch,
    );
    return;
  }
  plan(
    FORWARD, batch, height, width, channels, filterHeight, filterWidth, outChannels, outHeight, outWidth,
    strideY, strideX, top, left, dilationY, dilationX,
  );
  run(x, filter, y, 0, 0, flags, bias, scratch);
}

/** dx of conv2d from g [batch, outHeight, outWidth, outChannels]. */
export function conv2d_input_grad(
  g: usize, filter: usize, dx: usize,
  batch: i32, height: i32, width: i32, channels: i32,
  filterHeight: i32, filterWidth: i32, outChannels: i32, outHeight: i32, outWidth: i32,
  strideY: i32, strideX: i32, top: i32, left: i32, dilationY: i32, dilationX: i32,
  scratch: usize,
): void {
  const pixels = batch * height * width;
  if (isPointwise(filterHeight * filterWidth * strideY * strideX, height, width, outHeight, outWidth)) {
    matmul(
      g, filter, dx, 1, 0, 0, 0, pixels, channels, outChannels, outChannels, outChannels, channels, 0, 1,
      0, 0, scratch,
    );
    return;
  }
  plan(
    INPUT_GRAD, batch, height, width, channels, filterHeight, filterWidth, outChannels, outHeight, outWidth,
    strideY, strideX, top, left, dilationY, dilationX,
  );
  for (let y = 0; y < strideY; y++) {
    for (let x = 0; x < strideX; x++) run(g, filter, dx, y, x, 0, 0, scratch);
  }
}

/** dfilter [h, w, channels, outChannels] of conv2d from x and g. */
export function conv2d_filter_grad(
  x: usize, g: usize, dfilter: usize,
  batch: i32, height: i32, width: i32, channels: i32,
  filterHeight: i32, filterWidth: i32, outChannels: i32, outHeight: i32, outWidth: i32,
  strideY: i32, strideX: i32, top: i32, left: i32, dilationY: i32, dilationX: i32,
  scratch: usize,
): void {
  const pixels = batch * height * width;
  if (isPointwise(filterHeight * filterWidth * strideY * strideX, height, width, outHeight, outWidth)) {
    matmul(
      x, g, dfilter, 1, 0, 0, 0, channels, outChannels, pixels, channels, outChannels, outChannels, 1, 0,
      0, 0, scratch,
    );
    return;
  }
  plan(
    FILTER_GRAD, batch, height, width, channels, filterHeight, filterWidth, outChannels, outHeight, outWidth,
    strideY, strideX, top, left, dilationY, dilationX,
  );
  if (batch == 0) memory.fill(dfilter, 0, (filterHeight * filterWidth * channels * outChannels) << 2);
  run(x, g, dfilter, 0, 0, 0, 0, scratch);
}

/** A window of one pixel, each in its place: a product of matrices. */
@inline
function isPointwise(windowAndStrides: i32, height: i32, width: i32, outHeight: i32, outWidth: i32): bool {
  return windowAndStrides == 1 && height == outHeight && width == outWidth;
}

/**
 * The product of windows over `source` and `matrix` (the filter, or for FILTER_GRAD the output's gradient), tile by tile:
 * of INPUT_GRAD, the pixels (phaseY, phaseX) of each strideY × strideX, which the same taps reach.
 */
function run(
  source: usize, matrix: usize, target: usize, phaseY: i32, phaseX: i32, flags: i32, bias: usize, scratch: usize,
): void {
  const steps = scratch + rowTableBytes;
  const band = steps + stepTableBytes + panelBytes;
  let count = 0;
  let pixels = 0;
  let knownExamples = 0;
  let knownRows = 0;
  let knownColumns = 0;
  let taps = 0;
  for (let example = 0; example < batch; example += tileExamples) {
    const examples = min(tileExamples, batch - example);
    for (let y = 0; y < targetHeight; y += tileRows) {
      const rows = min(tileRows, targetHeight - y);
      for (let x = 0; x < targetWidth; x += tileColumns) {
        const columns = min(tileColumns, targetWidth - x);
        if (knownExamples != examples || knownRows != rows || knownColumns != columns) {
          knownExamples = examples;
          knownRows = rows;
          knownColumns = columns;
          const pitch = spanX(columns);
          if (direction == FILTER_GRAD) {
            taps = tapTable(scratch, true, pitch, phaseY, phaseX);
            pixels = pixelTable(steps, false, examples, rows, columns, phaseY, phaseX);
          } else {
            taps = tapTable(steps, false, pitch, phaseY, phaseX);
            pixels = pixelTable(scratch, true, examples, rows, columns, phaseY, phaseX);
          }
        }
        copyBands(source, example, examples, y, x, rows, columns, band);
        const place = (example * targetHeight + y) * targetWidth + x;
        if (direction == FILTER_GRAD) {
          const from = matrix + ((place * outChannels) << 2);
          panels(band, taps, pixels, from, target, outChannels, count > 0 ? ACCUMULATE : 0, 0, scratch, 0, 0);
        } else {
          const n = direction == FORWARD ? outChannels : channels;
          const to = target + ((place * n) << 2);
          panels(band, pixels, taps, matrix, to, n, flags, bias, scratch, phaseY, phaseX);
        }
        count++;
      }
    }
  }
}

/** The product of one tile: `m` rows and `k` steps through the tables, eight columns at a time. */
function panels(
  band: usize, m: i32, k: i32, matrix: usize, target: usize, n: i32, flags: i32, bias: usize, scratch: usize,
  phaseY: i32, phaseX: i32,
): void {
  const steps = scratch + rowTableBytes;
  const packed = steps + stepTableBytes;
  const back = direction == INPUT_GRAD;
  const direct = !back && (m <= 12 || k * n <= 8192);
  for (let j = 0; j < n; j += 8) {
    const columns = min(8, n - j);
    const width = columns > 4 ? 8 : 4;
    let panel = packed;
    let step: usize = width << 2;
    if (back) {
      packTaps(matrix, j, columns, width, packed, phaseY, phaseX);
    } else if (direct && (columns & 3) == 0) {
      panel = matrix + (j << 2);
      step = n << 2;
    } else {
      packRows(matrix + (j << 2), n << 2, k, columns, width, packed);
    }
    indirect(band, scratch, steps, m, k, panel, step, target + (j << 2), columns, flags, bias + (j << 2));
  }
}

/** The filter's taps that reach a phase, transposed: columns j … of [taps, outChannels] by channels. */
function packTaps(filter: usize, j: i32, columns: i32, width: i32, target: usize, phaseY: i32, phaseX: i32): void {
  const size = outChannels << 2;
  for (let y = 0; y < filterHeight; y++) {
    if (tapAt(y, phaseY, filterHeight, strideY, dilationY, top) < 0) continue;
    for (let x = 0; x < filterWidth; x++) {
      if (tapAt(x, phaseX, filterWidth, strideX, dilationX, left) < 0) continue;
      const from = filter + ((y * filterWidth + x) * channels + j) * size;
      packColumns(from, size, outChannels, columns, width, target);
      target += size * width;
    }
  }
}

/** Where along an axis a tap of the window reads, counted from the first place; -1 where it does not reach the phase. */
function tapAt(tap: i32, phase: i32, window: i32, stride: i32, dilation: i32, before: i32): i32 {
  if (direction != INPUT_GRAD) return tap * dilation;
  const place = phase + before - tap * dilation;
  const row = floorDivide(place, stride);
  return row * stride == place ? row - floorDivide(before - (window - 1) * dilation, stride) : -1;
}

/** Writes the offset of each tap in a band `pitch` pixels wide, in `pairs` with that of its row of the filter. */
function tapTable(at: usize, pairs: bool, pitch: i32, phaseY: i32, phaseX: i32): i32 {
  let count = 0;
  for (let y = 0; y < filterHeight; y++) {
    const row = tapAt(y, phaseY, filterHeight, strideY, dilationY, top);
    if (row < 0) continue;
    for (let x = 0; x < filterWidth; x++) {
      const column = tapAt(x, phaseX, filterWidth, strideX, dilationX, left);
      if (column < 0) continue;
      const place = (row * pitch + column) * sourceChannels;
      for (let c = 0; c < sourceChannels; c++) {
        at = writeOffsets(at, pairs, place + c, count * outChannels);
        count++;
      }
    }
  }
  return count;
}

/** Writes the offset of each pixel's window in the band, in `pairs` with that of the pixel in the tile's target. */
function pixelTable(
  at: usize, pairs: bool, examples: i32, rows: i32, columns: i32, phaseY: i32, phaseX: i32,
): i32 {
  const back = direction == INPUT_GRAD;
  const pitch = spanX(columns);
  const size = pitch * spanY(rows);
  const n = back ? channels : outChannels;
  const stepY = back ? strideY : 1;
  const stepX = back ? strideX : 1;
  let count = 0;
  for (let i = 0; i < examples; i++) {
    for (let y = phaseY; y < rows; y += stepY) {
      const row = back ? y / stepY : y * strideY;
      for (let x = phaseX; x < columns; x += stepX) {
        const column = back ? x / stepX : x * strideX;
        const place = (i * size + row * pitch + column) * sourceChannels;
        at = writeOffsets(at, pairs, place, ((i * targetHeight + y) * targetWidth + x) * n);
        count++;
      }
    }
  }
  return count;
}

@inline
function writeOffsets(at: usize, pairs: bool, from: i32, to: i32): usize {
  store<i32>(at, from << 2);
  if (!pairs) return at + 4;
  store<i32>(at, to << 2, 4);
  return at + 8;
}

/** Copies what the windows of a tile reach, of each of its examples, with zeros around. */
function copyBands(
  source: usize, example: i32, examples: i32, y: i32, x: i32, rows: i32, columns: i32, band: usize,
): void {
  const back = direction == INPUT_GRAD;
  const firstY = back ? floorDivide(y + top - (filterHeight - 1) * dilationY, strideY) : y * strideY - top;
  const firstX = back ? floorDivide(x + left - (filterWidth - 1) * dilationX, strideX) : x * strideX - left;
  const bandRows = spanY(rows);
  const bandColumns = spanX(columns);
  const imageBytes = (sourceHeight * sourceWidth * sourceChannels) << 2;
  const bytes = (bandRows * bandColumns * sourceChannels) << 2;
  for (let i = 0; i < examples; i++) {
    const image = source + (example + i) * imageBytes;
    copyBand(
      image, sourceHeight, sourceWidth, sourceChannels, firstY, firstX, bandRows, bandColumns, band + i * bytes,
    );
  }
}

/** Bytes of scratch that suffice for each of the three products of a convolution. */
export function convolution_scratch(
  batch: i32, height: i32, width: i32, channels: i32,
  filterHeight: i32, filterWidth: i32, outChannels: i32, outHeight: i32, outWidth: i32,
  strideY: i32, strideX: i32, top: i32, left: i32, dilationY: i32, dilationX: i32,
): i32 {
  const pixels = batch * height * width;
  if (isPointwise(filterHeight * filterWidth * strideY * strideX, height, width, outHeight, outWidth)) {
    return max(
      max(matmul_scratch(pixels, outChannels, channels, 0, 0), matmul_scratch(pixels, channels, outChannels, 0, 1)),
      matmul_scratch(channels, outChannels, pixels, 1, 0),
    );
  }
  let most = 0;
  for (let which = FORWARD; which <= FILTER_GRAD; which++) {
    most = max(
      most,
      plan(
        which, batch, height, width, channels, filterHeight, filterWidth, outChannels, outHeight, outWidth,
        strideY, strideX, top, left, dilationY, dilationX,
      ),
    );
  }
  return most;
}
