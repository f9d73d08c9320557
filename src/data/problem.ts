import {
  diagnostic,
  type Code,
  type Diagnostic,
  type DiagnosticExtras,
  type ParametersOf,
} from "../diagnostics/index.js";
import type { Span } from "../source/index.js";

/** What keeps a file from being read; readers throw it, and `readTable` gives it a place in the spec. */
export class DataProblem extends Error {
  readonly at: (span: Span) => Diagnostic;

  constructor(at: (span: Span) => Diagnostic) {
    super("data problem");
    this.at = at;
  }
}

/** A problem of one code, to be thrown. */
export function problem<C extends Code>(
  code: C,
  parameters: ParametersOf<C>,
  extras: DiagnosticExtras = {},
): DataProblem {
  return new DataProblem((span) => diagnostic(code, span, parameters, extras));
}

/** A cell as a message shows it. */
export function shortened(text: string): string {
  const line = text.replace(/[\r\n]+/g, " ");
  return line.length > 40 ? `${line.slice(0, 40)}…` : line;
}
