/** Which of a convolution's three products is computed. */
export const FORWARD: i32 = 0;
export const INPUT_GRAD: i32 = 1;
export const FILTER_GRAD: i32 = 2;

/** What a tile may take: its part of the image, with padding, stays near the processor. */
const bandBytes: i32 = 131072;
const mostPixels: i32 = 1024;
/** Small images are computed several at once, up to so many pixels. */
const enoughPixels: i32 = 256;
/** Rows of a gradient that are read in place stay in the first cache. */
const gradientBytes: i32 = 32768;

// The convolution that is being computed; one at a time, so that helpers need not pass twenty numbers on.
export let direction: i32 = 0;
export let batch: i32 = 0;
export let height: i32 = 0;
export let width: i32 = 0;
export let channels: i32 = 0;
export let filterHeight: i32 = 0;
export let filterWidth: i32 = 0;
export let outChannels: i32 = 0;
export let outHeight: i32 = 0;
export let outWidth: i32 = 0;
export let strideY: i32 = 0;
export let strideX: i32 = 0;
export let top: i32 = 0;
export let left: i32 = 0;
export let dilationY: i32 = 0;
export let dilationX: i32 = 0;

// The image that is read through windows, and the pixels that are computed (or, for the filter, summed over).
export let sourceHeight: i32 = 0;
export let sourceWidth: i32 = 0;
export let sourceChannels: i32 = 0;
export let targetHeight: i32 = 0;
export let targetWidth: i32 = 0;

// A tile of those pixels: whole images, or rows of one, or a part of one row (strideY of them for INPUT_GRAD).
export let tileExamples: i32 = 0;
export let tileRows: i32 = 0;
export let tileColumns: i32 = 0;

// Bytes of scratch: offsets of rows, offsets of steps, a packed panel, then the padded part of the images.
export let rowTableBytes: i32 = 0;
export let stepTableBytes: i32 = 0;
export let panelBytes: i32 = 0;

/** Division rounded down. */
export function floorDivide(a: i32, b: i32): i32 {
  return a >= 0 ? a / b : -((b - 1 - a) / b);
}

/** How far along an axis of the source so many pixels of the target reach. */
@inline
function span(pixels: i32, window: i32, stride: i32, dilation: i32, before: i32): i32 {
  const reach = (window - 1) * dilation;
  if (direction != INPUT_GRAD) return (pixels - 1) * stride + reach + 1;
  return floorDivide(pixels - 1 + before, stride) - floorDivide(before - reach, stride) + 1;
}

/** Rows of the source that a tile of so many rows reads. */
export function spanY(rows: i32): i32 {
  return span(rows, filterHeight, strideY, dilationY, top);
}

/** Columns of the source that a tile of so many columns reads. */
export function spanX(columns: i32): i32 {
  return span(columns, filterWidth, strideX, dilationX, left);
}

@inline
function bytesOf(rows: i32, columns: i32): i32 {
  return (spanY(rows) * spanX(columns) * sourceChannels) << 2;
}

/** Chooses the tile: as large as the limits allow, and tiles of about one size. */
function chooseTile(pixels: i32): void {
  const unitY = direction == INPUT_GRAD ? strideY : 1;
  const unitX = direction == INPUT_GRAD ? strideX : 1;
  tileRows = unitY;
  tileColumns = targetWidth;
  tileExamples = 1;
  while (tileColumns > 4 * unitX && bytesOf(unitY, tileColumns) > bandBytes) {
    tileColumns = ((tileColumns + 2 * unitX - 1) / (2 * unitX)) * unitX;
  }
  if (tileColumns < targetWidth) return;
  while (
    tileRows < targetHeight && (tileRows + unitY) * targetWidth <= pixels &&
    bytesOf(tileRows + unitY, targetWidth) <= bandBytes
  ) tileRows += unitY;
  if (tileRows < targetHeight) {
    const count = (targetHeight + tileRows - 1) / tileRows;
    tileRows = (((targetHeight + count - 1) / count + unitY - 1) / unitY) * unitY;
    return;
  }
  const most = min(enoughPixels / max(targetHeight * targetWidth, 1), bandBytes / max(bytesOf(tileRows, targetWidth), 1));
  tileExamples = max(1, min(batch, most));
}

/** Takes the convolution's sizes, chooses the tile and returns the bytes of scratch. */
export function plan(
  which: i32,
  batchSize: i32, inHeight: i32, inWidth: i32, inChannels: i32,
  windowHeight: i32, windowWidth: i32, resultChannels: i32, resultHeight: i32, resultWidth: i32,
  stepY: i32, stepX: i32, padTop: i32, padLeft: i32, spreadY: i32, spreadX: i32,
): i32 {
  direction = which;
  batch = batchSize;
  height = inHeight;
  width = inWidth;
  channels = inChannels;
  filterHeight = windowHeight;
  filterWidth = windowWidth;
  outChannels = resultChannels;
  outHeight = resultHeight;
  outWidth = resultWidth;
  strideY = stepY;
  strideX = stepX;
  top = padTop;
  left = padLeft;
  dilationY = spreadY;
  dilationX = spreadX;
  const back = which == INPUT_GRAD;
  sourceHeight = back ? outHeight : height;
  sourceWidth = back ? outWidth : width;
  sourceChannels = back ? outChannels : channels;
  targetHeight = back ? height : outHeight;
  targetWidth = back ? width : outWidth;
  chooseTile(
    which == FILTER_GRAD ? min(mostPixels, max(64, gradientBytes / max(outChannels << 2, 1))) : mostPixels,
  );
  const pixels = tileExamples * tileRows * tileColumns;
  const taps = filterHeight * filterWidth * sourceChannels;
  const lines = which == FILTER_GRAD ? taps : pixels;
  const depth = which == FILTER_GRAD ? pixels : taps;
  // The last four rows are read whole.
  rowTableBytes = (lines + 4) << 3;
  stepTableBytes = ((depth + 3) & ~3) << 2;
  rowTableBytes = (rowTableBytes + 15) & ~15;
  panelBytes = depth << 5;
  return rowTableBytes + stepTableBytes + panelBytes + ((tileExamples * bytesOf(tileRows, tileColumns) + 31) & ~15);
}
