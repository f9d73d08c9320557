import type { Kernel, KernelFunctions } from "./kernels.js";

/** Calls a kernel with numbers from an array; gives its complaint, or 0. */
export type Invoke = (k: KernelFunctions, a: Int32Array) => number;

// prettier-ignore
const by = {
  3: (f: Kernel, a: Int32Array) => f(a[0]!, a[1]!, a[2]!),
  4: (f: Kernel, a: Int32Array) => f(a[0]!, a[1]!, a[2]!, a[3]!),
  5: (f: Kernel, a: Int32Array) => f(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!),
  6: (f: Kernel, a: Int32Array) => f(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!),
  7: (f: Kernel, a: Int32Array) => f(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!),
  8: (f: Kernel, a: Int32Array) => f(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!),
};

/** One function to a kernel, so that each call has one target: the host can then compile it into the caller. */
export const invocations = {
  chain: (k, a) => (k["chain"]!(a[0]!, a[1]!, a[2]!), 0),
  copy: (k, a) => (by[3](k["copy"]!, a), 0),
  fill: (k, a) => (by[3](k["fill"]!, a), 0),
  strided_copy: (k, a) => (by[3](k["strided_copy"]!, a), 0),
  transpose: (k, a) => (by[5](k["transpose"]!, a), 0),
  reduce_sum: (k, a) => (by[4](k["reduce_sum"]!, a), 0),
  reduce_max: (k, a) => (by[6](k["reduce_max"]!, a), 0),
  argmax: (k, a) => (by[6](k["argmax"]!, a), 0),
  argsort: (k, a) => (by[8](k["argsort"]!, a), 0),
  cumsum: (k, a) => (by[8](k["cumsum"]!, a), 0),
  gather: (k, a) => by[7](k["gather"]!, a)!,
  scatter_add: (k, a) => by[6](k["scatter_add"]!, a)!,
  pool_gather: (k, a) => by[6](k["pool_gather"]!, a)!,
  pool_scatter: (k, a) => by[6](k["pool_scatter"]!, a)!,
  matmul: (k, a) => (k["matmul"]!(...a), 0),
  conv2d: (k, a) => (k["conv2d"]!(...a), 0),
  conv2d_input_grad: (k, a) => (k["conv2d_input_grad"]!(...a), 0),
  conv2d_filter_grad: (k, a) => (k["conv2d_filter_grad"]!(...a), 0),
  depthwise_conv2d: (k, a) => (k["depthwise_conv2d"]!(...a), 0),
  depthwise_conv2d_input_grad: (k, a) => (k["depthwise_conv2d_input_grad"]!(...a), 0),
  depthwise_conv2d_filter_grad: (k, a) => (k["depthwise_conv2d_filter_grad"]!(...a), 0),
  max_pool: (k, a) => (k["max_pool"]!(...a), 0),
  sum_pool: (k, a) => (k["sum_pool"]!(...a), 0),
  sum_pool_grad: (k, a) => (k["sum_pool_grad"]!(...a), 0),
} as const satisfies Record<string, Invoke>;
