import type { Diagnostic } from "../diagnostics/index.js";

/** What every phase returns: as much of a value as could be made, and what there is to say. */
export interface PhaseResult<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
  /** How many messages there are besides those that were kept. */
  readonly more: number;
}

/** What the compiler needs from outside; both answer undefined where there is nothing. */
export interface CompileContext {
  /** The path of the spec, for messages; imports are relative to it. */
  readonly path: string;
  /** The text of another file, by a path relative to the first one's folder. */
  readonly read: (path: string) => string | undefined;
}
