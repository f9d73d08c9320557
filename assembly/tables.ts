export { reduce_sum, reduce_max, argmax, argsort, cumsum } from "./reduce";
export { gather, scatter_add } from "./indexing";
