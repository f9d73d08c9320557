import { checkArgument, startOptions } from "../runtime/arguments.js";
import { InputError } from "../runtime/errors.js";
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

/** Throws an InputError where this module lies in a bundle, and no longer beside that one. */
async function tfjsBeside(): Promise<Engine> {
  const loading: Promise<unknown> = import(/* webpackIgnore: true */ /* @vite-ignore */ besideUs);
  const loaded = await loading.catch(() => {
    throw new InputError(
      'in a bundle the engine `tfjs` is not found by its name; write `create({ engine: tfjs })` with `import { tfjs } from "nnspec/tfjs"`.',
    );
  });
  // The path leads to a file of this package, whose type is known.
  const { tfjs } = loaded as typeof import("./tfjs.js");
  return tfjs;
}

async function engineNamed(name: EngineName): Promise<Engine> {
  switch (name) {
    case "wasm":
      return {
        name,
        start: (programs, { threads = 1, batch }) => createWasmEngineSession(programs, { threads, batch }),
      };
    case "reference":
      return { name, start: async (programs) => createReferenceSession(programs) };
    case "tfjs":
      return tfjsBeside();
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
