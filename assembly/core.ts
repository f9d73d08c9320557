export { matmul } from "./dense";
export { matmul as matmul_strided, matmul_scratch } from "./matmul";
export { chain } from "./chain";
export { strided_copy, transpose, fill, copy } from "./shape";
