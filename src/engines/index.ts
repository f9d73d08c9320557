import type { Session } from "../runtime/session.js";
import type { Program } from "../tensor/program.js";
import { createReferenceSession } from "./reference.js";
import { createTfjsEngineSession } from "./tfjs.js";

export type EngineName = "reference" | "tfjs";

export const engineNames: readonly EngineName[] = ["tfjs", "reference"];

/** Starts programs on an engine; tfjs is loaded only where it is asked for. */
export async function createSession(
  engine: EngineName,
  programs: Readonly<Record<string, Program>>,
  options: { readonly backend?: string | undefined } = {},
): Promise<Session> {
  if (engine === "reference") return createReferenceSession(programs);
  return createTfjsEngineSession(programs, options.backend === undefined ? {} : { backend: options.backend });
}
