import type { Diagnostic } from "../diagnostics/index.js";

/** What every phase returns: as much of a value as could be made, and what there is to say. */
export interface PhaseResult<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
  /** How many messages there are besides those that were kept. */
  readonly more: number;
}

/** Thrown by `read` to say why an imported file cannot be read: `it is a folder`. */
export class ImportProblem extends Error {}

/** What the compiler needs from outside. */
export interface CompileContext {
  /** The path of the spec, for messages; imports are relative to it. */
  readonly path: string;
  /** The text of another file, by a path relative to the first one's folder; undefined where there is no such file. */
  readonly read: (path: string) => string | undefined;
}
