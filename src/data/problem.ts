import {
  diagnostic,
  type Code,
  type Diagnostic,
  type DiagnosticExtras,
  type ParametersOf,
  type RelatedPlace,
} from "../diagnostics/index.js";
import type { Span } from "../source/index.js";

/** A line, or some characters of it; or an item of a JSON list, or the value of one of its keys. Lines and items count from 1. */
export type FilePart =
  | { readonly line: number; readonly from?: number; readonly to?: number; readonly key?: string }
  | { readonly item: number; readonly key?: string };

/** Why a file cannot be read; readers throw it without a place in the spec, and `readTable` makes a diagnostic of it. */
export class DataProblem extends Error {
  readonly at: (span: Span, related?: readonly RelatedPlace[]) => Diagnostic;
  /** The part of the file that is to blame, where one is. */
  readonly part: FilePart | undefined;

  constructor(at: DataProblem["at"], part?: FilePart) {
    super("data problem");
    this.at = at;
    this.part = part;
  }
}

/** A problem of one code, to be thrown. */
export function problem<C extends Code>(
  code: C,
  parameters: ParametersOf<C>,
  extras: Pick<DiagnosticExtras, "hint"> & { readonly part?: FilePart | undefined } = {},
): DataProblem {
  const { hint, part } = extras;
  return new DataProblem((span, related = []) => diagnostic(code, span, parameters, { hint, related }), part);
}

/** A cell as a message shows it. */
export function shortened(text: string): string {
  const line = text.replace(/[\r\n]+/g, " ");
  return line.length > 40 ? `${line.slice(0, 40)}…` : line;
}
