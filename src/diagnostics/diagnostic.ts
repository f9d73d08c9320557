import type { Span } from "../source/index.js";
import { bounded } from "./bounded.js";
import type { Severity } from "./define.js";
import { catalogue, type Code, type ParametersOf } from "./catalogue.js";

export interface RelatedPlace {
  readonly span: Span;
  readonly message: string;
}

/** One thing that the user should know, with its place. */
export interface Diagnostic {
  readonly code: Code;
  readonly severity: Severity;
  readonly message: string;
  readonly hint?: string;
  readonly span: Span;
  readonly related: readonly RelatedPlace[];
}

export interface DiagnosticExtras {
  readonly hint?: string | undefined;
  readonly related?: readonly RelatedPlace[];
}

/** Makes a diagnostic of a code in the catalogue; the parameters are typed by the code. */
export function diagnostic<C extends Code>(
  code: C,
  span: Span,
  parameters: ParametersOf<C>,
  extras: DiagnosticExtras = {},
): Diagnostic {
  const entry = catalogue[code];
  // The code's own entry takes the code's parameters; the union of all entries forgets which is which.
  const message = bounded((entry.message as (p: ParametersOf<C>) => string)(parameters));
  const hint = extras.hint ?? entry.hint;
  return {
    code,
    severity: entry.severity,
    message,
    ...(hint === undefined ? {} : { hint: bounded(hint) }),
    span,
    related: extras.related ?? [],
  };
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === "error");
}
