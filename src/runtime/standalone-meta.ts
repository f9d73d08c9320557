/** The runtime that is copied into a module without imports for meta-learning. */
export { checkStart } from "./arguments.js";
export { classEpisodes } from "./meta/classes.js";
export { groupEpisodes } from "./meta/groups.js";
export { startMetaModel } from "./meta/model.js";
export { argument, constant, float, result, room, scratch, state, temporary } from "./wasm/program.js";
export { startWasmOn } from "./wasm/start.js";
