import { tfjs } from "../../src/engines/tfjs.js";
import { createWasmEngineSession } from "../../src/engines/wasm.js";
import type { Session } from "../../src/runtime/session.js";
import type { Program } from "../../src/tensor/index.js";

type Start = (programs: Record<string, Program>) => Promise<Session>;

/** The engines that compute in float32. */
export const float32Engines: readonly (readonly [string, Start])[] = [
  ["tfjs (wasm)", (p) => tfjs.start(p, { backend: "wasm" })],
  ["tfjs (cpu)", (p) => tfjs.start(p, { backend: "cpu" })],
  ["wasm", (p) => createWasmEngineSession(p)],
];
