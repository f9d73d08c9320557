export type Severity = "error" | "warning" | "hint";

/** One row of the catalogue: what a code means, for messages and for `nnc explain`. */
export interface CodeEntry<P> {
  readonly severity: Severity;
  /** A few words, the same for every place. */
  readonly title: string;
  /** Markdown: why it is refused, and what to do, with a small example. */
  readonly explanation: string;
  /** The message, with the actual values in it. */
  readonly message: (parameters: P) => string;
  /** A hint that fits every place; a place may give a better one. */
  readonly hint?: string;
}

export function define<P>(entry: CodeEntry<P>): CodeEntry<P> {
  return entry;
}
