/** What a module on tfjs needs to run: `nnspec/runtime/tfjs`. */
export * as kernels from "./kernels/index.js";
export { createTfjsSession } from "./session.js";
export { startTfjs } from "./start.js";
export type { Tensor, Tf, TfjsBody, TfjsInput, TfjsOutput, TfjsProgram } from "./types.js";
