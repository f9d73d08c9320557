import type { Model } from "../../src/index.js";
import { lowerModel } from "../../src/compile.js";
import { createReferenceSession } from "../../src/engines/reference.js";
import { createTfjsEngineSession } from "../../src/engines/tfjs.js";
import { createWasmEngineSession } from "../../src/engines/wasm.js";
import { startModel } from "../../src/runtime/index.js";
import type { Session } from "../../src/runtime/session.js";
import type { Program } from "../../src/tensor/index.js";
import { compiled } from "../helpers.js";

type Programs = Readonly<Record<string, Program>>;

/** Starts programs; `wasm` once for each variant of its kernels, whatever the host would choose. */
export type Start = (programs: Programs) => Promise<Session>;

export const float32Engines: readonly (readonly [string, Start])[] = [
  ["wasm, plain", (programs) => createWasmEngineSession(programs, { variant: "plain" })],
  ["wasm, relaxed", (programs) => createWasmEngineSession(programs, { variant: "relaxed" })],
  ["tfjs", (programs) => createTfjsEngineSession(programs, { backend: "wasm" })],
];

export const reference: Start = async (programs) => createReferenceSession(programs);

export const everyEngine: readonly (readonly [string, Start])[] = [
  ["reference", reference],
  ...float32Engines,
];

/** A spec's model on one of these engines. */
export async function modelOn(start: Start, text: string): Promise<Model> {
  const { descriptor, programs } = lowerModel(compiled(text).document, {});
  return startModel(descriptor, await start({ ...programs }));
}
