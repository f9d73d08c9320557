import { prepareTfjsProgram } from "../backends/tfjs/prepare.js";
import type { Session } from "../runtime/session.js";
import { createTfjsSession, startTfjs } from "../runtime/tfjs/index.js";
import type { Program } from "../tensor/program.js";

export interface TfjsEngineOptions {
  /** By default `wasm` in Node, and tfjs's own choice elsewhere. */
  readonly backend?: string;
}

/** Runs programs on tfjs, which is loaded only now. */
export async function createTfjsEngineSession(
  programs: Readonly<Record<string, Program>>,
  { backend }: TfjsEngineOptions = {},
): Promise<Session> {
  const tf = await startTfjs(backend);
  const prepared = Object.entries(programs).map(
    ([name, program]) => [name, prepareTfjsProgram(program)] as const,
  );
  return createTfjsSession(tf, Object.fromEntries(prepared));
}
