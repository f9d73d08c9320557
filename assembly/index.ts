export { matmul, matmul_scratch } from "./matmul";
export { conv2d, conv2d_input_grad, conv2d_filter_grad, convolution_scratch } from "./convolution";
export { depthwise_conv2d, depthwise_conv2d_input_grad, depthwise_conv2d_filter_grad } from "./depthwise";
export { max_pool, sum_pool, sum_pool_grad, pool_gather, pool_scatter } from "./pool";
export { chain } from "./chain";
export { strided_copy, transpose, fill, copy } from "./shape";
export { reduce_sum, reduce_max, argmax, argsort, cumsum } from "./reduce";
export { gather, scatter_add } from "./indexing";
