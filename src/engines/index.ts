import { InputError } from "../runtime/errors.js";
import type { Session } from "../runtime/session.js";
import { withoutThreads } from "../runtime/wasm/threads-note.js";
import type { Program } from "../tensor/program.js";
import { createReferenceSession } from "./reference.js";
import { createTfjsEngineSession } from "./tfjs.js";
import { createWasmEngineSession } from "./wasm.js";

export type EngineName = "reference" | "tfjs" | "wasm";

export const engineNames: readonly EngineName[] = ["wasm", "tfjs", "reference"];

export interface EngineOptions {
  /** A registered tfjs backend. */
  readonly backend?: string | undefined;
  /** Over how many threads the wasm engine splits a training step; where it cannot, the engine's name says why. */
  readonly threads?: number | undefined;
  /** The rows of a usual batch. */
  readonly batch?: number | "full" | undefined;
}

/**
 * Starts programs on an engine; tfjs is loaded only where it is asked for.
 * Throws an InputError where the number of threads is none.
 */
export async function createSession(
  engine: EngineName,
  programs: Readonly<Record<string, Program>>,
  { backend, threads = 1, batch }: EngineOptions = {},
): Promise<Session> {
  if (!Number.isInteger(threads) || threads < 1) {
    throw new InputError(`threads is a whole number of at least 1, not ${threads}.`);
  }
  if (engine === "wasm") return createWasmEngineSession(programs, { threads, batch });
  const session =
    engine === "reference"
      ? createReferenceSession(programs)
      : await createTfjsEngineSession(programs, backend === undefined ? {} : { backend });
  return threads === 1 ? session : withoutThreads(session, "only the wasm engine has threads");
}
