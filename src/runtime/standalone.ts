/** The runtime that is copied into a module without imports. */
export { checkStart } from "./arguments.js";
export { startModel } from "./model.js";
export { argument, constant, float, result, room, scratch, state, temporary } from "./wasm/program.js";
export { startWasmOn } from "./wasm/start.js";
