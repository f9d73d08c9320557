import type { KernelFunctions } from "./functions.js";

/** Calls a kernel with numbers from an array; returns its error code, or 0. */
export type Invoke = (k: KernelFunctions, a: Int32Array) => number;

/**
 * One function for each kernel, so that each call site has one target, which the host can then inline.
 * Written out, since spreading an array costs more than a small kernel.
 */
// prettier-ignore
export const invocations = {
  chain: (k, a) => (k.chain(a[0]!, a[1]!, a[2]!), 0),
  copy: (k, a) => (k.copy(a[0]!, a[1]!, a[2]!), 0),
  fill: (k, a) => (k.fill(a[0]!, a[1]!, a[2]!), 0),
  strided_copy: (k, a) => (k.strided_copy(a[0]!, a[1]!, a[2]!), 0),
  transpose: (k, a) => (k.transpose(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!), 0),
  matmul: (k, a) => (k.matmul(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!, a[8]!, a[9]!, a[10]!, a[11]!), 0),
  reduce_sum: (k, a) => (k.reduce_sum(a[0]!, a[1]!, a[2]!, a[3]!), 0),
  reduce_max: (k, a) => (k.reduce_max(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!), 0),
  argmax: (k, a) => (k.argmax(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!), 0),
  argsort: (k, a) => (k.argsort(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!), 0),
  cumsum: (k, a) => (k.cumsum(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!), 0),
  gather: (k, a) => k.gather(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!),
  scatter_add: (k, a) => k.scatter_add(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!),
  pool_gather: (k, a) => k.pool_gather(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!),
  pool_scatter: (k, a) => k.pool_scatter(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!),
  conv2d: (k, a) => (k.conv2d(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!, a[8]!, a[9]!, a[10]!, a[11]!, a[12]!, a[13]!, a[14]!, a[15]!, a[16]!, a[17]!, a[18]!, a[19]!, a[20]!), 0),
  conv2d_input_grad: (k, a) => (k.conv2d_input_grad(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!, a[8]!, a[9]!, a[10]!, a[11]!, a[12]!, a[13]!, a[14]!, a[15]!, a[16]!, a[17]!, a[18]!), 0),
  conv2d_filter_grad: (k, a) => (k.conv2d_filter_grad(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!, a[8]!, a[9]!, a[10]!, a[11]!, a[12]!, a[13]!, a[14]!, a[15]!, a[16]!, a[17]!, a[18]!), 0),
  depthwise_conv2d: (k, a) => (k.depthwise_conv2d(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!, a[8]!, a[9]!, a[10]!, a[11]!, a[12]!, a[13]!, a[14]!, a[15]!, a[16]!, a[17]!), 0),
  depthwise_conv2d_input_grad: (k, a) => (k.depthwise_conv2d_input_grad(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!, a[8]!, a[9]!, a[10]!, a[11]!, a[12]!, a[13]!, a[14]!, a[15]!, a[16]!, a[17]!), 0),
  depthwise_conv2d_filter_grad: (k, a) => (k.depthwise_conv2d_filter_grad(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!, a[8]!, a[9]!, a[10]!, a[11]!, a[12]!, a[13]!, a[14]!, a[15]!, a[16]!, a[17]!), 0),
  max_pool: (k, a) => (k.max_pool(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!, a[8]!, a[9]!, a[10]!, a[11]!, a[12]!, a[13]!, a[14]!), 0),
  sum_pool: (k, a) => (k.sum_pool(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!, a[8]!, a[9]!, a[10]!, a[11]!, a[12]!, a[13]!), 0),
  sum_pool_grad: (k, a) => (k.sum_pool_grad(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!, a[8]!, a[9]!, a[10]!, a[11]!, a[12]!, a[13]!), 0),
} as const satisfies Record<string, Invoke>;

export function isKernel(name: string): name is keyof typeof invocations {
  return Object.hasOwn(invocations, name);
}
