/** What a module that stands alone and learns to learn holds a copy of. */
export { classEpisodes } from "./meta/classes.js";
export { groupEpisodes } from "./meta/groups.js";
export { startMetaModel } from "./meta/model.js";
export { argument, constant, float, result, room, scratch, state, temporary } from "./wasm/program.js";
export { startWasmOn } from "./wasm/start.js";
