import { checkArgument, startOptions } from "../runtime/arguments.js";
import type { Session } from "../runtime/session.js";
import { withoutThreads } from "../runtime/wasm/threads-note.js";
import type { Program } from "../tensor/program.js";
import { createReferenceSession } from "./reference.js";
import type { Engine, EngineOptions } from "./engine.js";
import { createWasmEngineSession } from "./wasm.js";

export type { Engine } from "./engine.js";

export type EngineName = "reference" | "tfjs" | "wasm";

export const engineNames: readonly EngineName[] = ["wasm", "tfjs", "reference"];

/** Where the engine on tfjs is. As a variable, so that bundlers of pages without tfjs do not look for it. */
const besideUs: string = "./tfjs.js";

async function engineNamed(name: EngineName): Promise<Engine> {
  switch (name) {
    case "wasm":
      return {
        name,
        start: (programs, { threads = 1, batch }) => createWasmEngineSession(programs, { threads, batch }),
      };
    case "reference":
      return { name, start: async (programs) => createReferenceSession(programs) };
    case "tfjs": {
      // The path leads to a file of this package, whose type is known.
      const { tfjs } = (await import(besideUs)) as typeof import("./tfjs.js");
      return tfjs;
    }
  }
}

/**
 * Starts programs on an engine; tfjs is loaded only where it is asked for.
 * Throws an InputError where the number of threads is none, or tfjs is not installed.
 */
export async function createSession(
  engine: EngineName | Engine,
  programs: Readonly<Record<string, Program>>,
  options: EngineOptions = {},
): Promise<Session> {
  const { threads = 1 } = options;
  checkArgument("create", "threads", startOptions.threads, threads);
  const found = typeof engine === "string" ? await engineNamed(engine) : engine;
  const session = await found.start(programs, options);
  return threads === 1 || found.name === "wasm"
    ? session
    : withoutThreads(session, "only the wasm engine has threads");
}
