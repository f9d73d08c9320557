export { createBuilder } from "./builder.js";
export * as dimensions from "./dimension.js";
export { B, type Dimension, type Shape } from "./dimension.js";
export type { Builder } from "./emitter.js";
export * as ops from "./ops.js";
export { printProgram } from "./print.js";
export type * from "./program.js";
export { simplify } from "./simplify.js";
export { verify } from "./verify.js";
