/** An image's and a filter's sizes, and the result's: what every convolution and pool takes, in this order. */
type Convolution = [
  batch: number,
  height: number,
  width: number,
  channels: number,
  filterHeight: number,
  filterWidth: number,
  outChannels: number,
  outHeight: number,
  outWidth: number,
  strideY: number,
  strideX: number,
  top: number,
  left: number,
  dilationY: number,
  dilationX: number,
];

type Pool = [
  batch: number,
  height: number,
  width: number,
  channels: number,
  windowHeight: number,
  windowWidth: number,
  outHeight: number,
  outWidth: number,
  strideY: number,
  strideX: number,
  top: number,
  left: number,
];

/** What a kernel does to its product while writing it: `flags` of ACCUMULATE 1, BIAS 2, RELU 4. */
type Epilogue = [flags: number, bias: number, scratch: number];

type Operands = [x: number, y: number, out: number];

/** The arguments of a kernel that works along the middle axis of [outer, length, inner]. */
type Along = [x: number, out: number, outer: number, length: number, inner: number];

/**
 * The kernels. Addresses and sizes are whole numbers, addresses in bytes, sizes in elements of four bytes. Kernels with
 * index operands return 1 if an index is out of range, and then read and write nothing there.
 */
export interface KernelFunctions {
  /** op(a) · op(b) for `batch` matrices; op(a) is [m, k], op(b) [k, n]. */
  matmul(
    a: number,
    b: number,
    out: number,
    batch: number,
    m: number,
    n: number,
    k: number,
    transposeA: number,
    transposeB: number,
    ...epilogue: Epilogue
  ): void;
  /** Bytes of scratch that a product needs. */
  matmul_scratch(m: number, n: number, k: number, transposeA: number, transposeB: number): number;
  /** Runs fused elementwise operations and reductions over the elements from begin to end. */
  chain(code: number, begin: number, end: number): void;
  copy(from: number, to: number, bytes: number): void;
  /** Writes `count` elements of these bits. */
  fill(to: number, bits: number, count: number): void;
  /** A copy between strided elements; the axes are words in memory. */
  strided_copy(from: number, to: number, axes: number): void;
  transpose(x: number, out: number, batch: number, rows: number, columns: number): void;
  conv2d(...args: [...Operands, ...Convolution, ...Epilogue]): void;
  conv2d_input_grad(...args: [...Operands, ...Convolution, scratch: number]): void;
  conv2d_filter_grad(...args: [...Operands, ...Convolution, scratch: number]): void;
  /** Bytes of scratch that suffice for a convolution and its gradients. */
  convolution_scratch(...args: Convolution): number;
  depthwise_conv2d(...args: [...Operands, ...Convolution]): void;
  depthwise_conv2d_input_grad(...args: [...Operands, ...Convolution]): void;
  depthwise_conv2d_filter_grad(...args: [...Operands, ...Convolution]): void;
  /** Maxima and their indices within the example; either address may be 0, and then that is not written. */
  max_pool(...args: [x: number, out: number, places: number, ...Pool]): void;
  sum_pool(...args: [x: number, out: number, ...Pool]): void;
  sum_pool_grad(...args: [g: number, dx: number, ...Pool]): void;
  pool_gather(...args: [...Operands, batch: number, size: number, count: number]): number;
  pool_scatter(...args: [...Operands, batch: number, size: number, count: number]): number;
  /** Sums over axes; which ones are words in memory. */
  reduce_sum(x: number, out: number, axes: number, isInt: number): void;
  reduce_max(...args: [...Along, isInt: number]): void;
  argmax(...args: [...Along, isInt: number]): void;
  argsort(...args: [...Along, ascending: number, isInt: number, scratch: number]): void;
  cumsum(...args: [...Along, exclusive: number, reverse: number, isInt: number]): void;
  gather(...args: [...Operands, outer: number, size: number, count: number, inner: number]): number;
  scatter_add(...args: [...Operands, count: number, rows: number, inner: number]): number;
}
