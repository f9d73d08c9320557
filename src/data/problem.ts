import {
  diagnostic,
  type Code,
  type Diagnostic,
  type DiagnosticExtras,
  type ParametersOf,
  type RelatedPlace,
} from "../diagnostics/index.js";
import type { Span } from "../source/index.js";

/** Why a file cannot be read; readers throw it without a place in the spec, and `readTable` makes a diagnostic of it. */
export class DataProblem extends Error {
  readonly at: (span: Span, related?: readonly RelatedPlace[]) => Diagnostic;
  /** The line of the file, counted from 1, where one is to blame. */
  readonly line: number | undefined;

  constructor(at: DataProblem["at"], line?: number) {
    super("data problem");
    this.at = at;
    this.line = line;
  }
}

/** A problem of one code, to be thrown. */
export function problem<C extends Code>(
  code: C,
  parameters: ParametersOf<C>,
  extras: Pick<DiagnosticExtras, "hint"> & { readonly line?: number | undefined } = {},
): DataProblem {
  const { hint, line } = extras;
  return new DataProblem((span, related = []) => diagnostic(code, span, parameters, { hint, related }), line);
}

/** A cell as a message shows it. */
export function shortened(text: string): string {
  const line = text.replace(/[\r\n]+/g, " ");
  return line.length > 40 ? `${line.slice(0, 40)}…` : line;
}
