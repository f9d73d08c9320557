import { prepareTfjsProgram } from "../backends/tfjs/prepare.js";
import { createTfjsSession, startTfjs } from "../runtime/tfjs/index.js";
import type { Engine } from "./engine.js";

/**
 * The engine that runs on tfjs, for `create({ engine: tfjs })`: a page's bundler finds the packages by this import. They are
 * optional peers: `npm install @tensorflow/tfjs @tensorflow/tfjs-backend-wasm`. The backend is `wasm` in Node, and tfjs's own
 * choice elsewhere, unless one is named.
 */
export const tfjs: Engine = {
  name: "tfjs",
  start: async (programs, { backend }) => {
    const tf = await startTfjs(backend);
    const prepared = Object.entries(programs).map(
      ([name, program]) => [name, prepareTfjsProgram(program)] as const,
    );
    return createTfjsSession(tf, Object.fromEntries(prepared));
  },
};
