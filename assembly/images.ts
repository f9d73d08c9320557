export { conv2d, conv2d_input_grad, conv2d_filter_grad, convolution_scratch } from "./convolution";
export { depthwise_conv2d, depthwise_conv2d_input_grad, depthwise_conv2d_filter_grad } from "./depthwise";
export { max_pool, sum_pool, sum_pool_grad, pool_gather, pool_scatter } from "./pool";
