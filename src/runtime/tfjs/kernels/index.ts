/** Functions on tfjs tensors for the primitives that are no single call of tfjs. */
export * from "./body.js";
export * from "./convolution.js";
export * from "./elementwise.js";
export * from "./pool.js";
export * from "./scan.js";
export * from "./shape.js";
