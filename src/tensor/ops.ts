/** Typed functions over an emitter, one for each primitive, and what is made of them: `import * as ops`. */
export * from "./ops/constants.js";
export * from "./ops/elementwise.js";
export * from "./ops/indexing.js";
export * from "./ops/linear.js";
export * from "./ops/random.js";
export * from "./ops/reduce.js";
export * from "./ops/scan.js";
export * from "./ops/shape.js";
