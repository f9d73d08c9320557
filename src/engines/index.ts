import type { Session } from "../runtime/session.js";
import type { Program } from "../tensor/program.js";
import { createReferenceSession } from "./reference.js";
import { createTfjsEngineSession } from "./tfjs.js";
import { createWasmEngineSession } from "./wasm.js";

export type EngineName = "reference" | "tfjs" | "wasm";

export const engineNames: readonly EngineName[] = ["wasm", "tfjs", "reference"];

/** Starts programs on an engine; tfjs is loaded only where it is asked for. */
export async function createSession(
  engine: EngineName,
  programs: Readonly<Record<string, Program>>,
  options: { readonly backend?: string | undefined } = {},
): Promise<Session> {
  if (engine === "reference") return createReferenceSession(programs);
  if (engine === "wasm") return createWasmEngineSession(programs);
  return createTfjsEngineSession(programs, options.backend === undefined ? {} : { backend: options.backend });
}
