/** What a module that stands alone holds a copy of. */
export { startModel } from "./model.js";
export { argument, constant, float, result, room, scratch, state, temporary } from "./wasm/program.js";
export { startWasmOn } from "./wasm/start.js";
