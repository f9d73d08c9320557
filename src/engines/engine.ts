import type { Session } from "../runtime/session.js";
import type { Program } from "../tensor/program.js";

export interface EngineOptions {
  /** A registered tfjs backend. */
  readonly backend?: string | undefined;
  /** Over how many threads the wasm engine splits a training step; where it cannot, the engine's name says why. */
  readonly threads?: number | undefined;
  /** The rows of a usual batch. */
  readonly batch?: number | "full" | undefined;
}

/** What computes programs. */
export interface Engine {
  readonly name: string;
  /** Starts programs, with the state that they share. */
  start(programs: Readonly<Record<string, Program>>, options: EngineOptions): Promise<Session>;
}
