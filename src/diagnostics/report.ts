import type { Span } from "../source/index.js";
import { catalogue, type Code, type ParametersOf } from "./catalogue.js";
import { diagnostic, type Diagnostic, type RelatedPlace } from "./diagnostic.js";
import { MOST_HINTS } from "./hints.js";

declare const proof: unique symbol;

/** That a message has been given. Only a report makes one, so that nothing is left out without a word. */
export interface Reported {
  readonly [proof]: true;
}

export interface ReportExtras {
  /** A hint, or what makes it: looking for a name that was meant takes time, and not every message is shown. */
  readonly hint?: string | undefined | (() => string | undefined);
  readonly related?: readonly RelatedPlace[];
}

/** More errors than this are not kept, nor more warnings and hints; they are counted. */
const MOST = 1_000;

/** The messages of a phase. The same message at the same place is given once. */
export class Report {
  readonly #kept: Diagnostic[] = [];
  readonly #seen = new Set<string>();
  #errors = 0;
  #keptErrors = 0;
  #more = 0;

  get diagnostics(): readonly Diagnostic[] {
    return this.#kept;
  }

  /** How many messages there are besides those that were kept. */
  get more(): number {
    return this.#more;
  }

  get hasErrors(): boolean {
    return this.#errors > 0;
  }

  /** The proof that an error was reported; undefined where none was. */
  get proof(): Reported | undefined {
    return this.#errors > 0 ? given : undefined;
  }

  give<C extends Code>(
    code: C,
    span: Span,
    parameters: ParametersOf<C>,
    extras: ReportExtras = {},
  ): Reported {
    if (this.#isFull(code)) this.#count(code);
    else {
      const { hint, related } = extras;
      const found = typeof hint === "function" && this.#kept.length < MOST_HINTS ? hint() : hint;
      const written = typeof found === "string" ? { hint: found } : {};
      this.add(diagnostic(code, span, parameters, { ...written, ...(related ? { related } : {}) }));
    }
    return given;
  }

  /** Takes over a message that was made elsewhere. */
  add(made: Diagnostic): Reported {
    const { code, span, message } = made;
    const key = `${code} ${span.source.path} ${span.start} ${span.end} ${message}`;
    if (this.#seen.has(key)) return given;
    if (this.#isFull(code)) this.#count(code);
    else {
      this.#seen.add(key);
      this.#kept.push(made);
      if (made.severity === "error") {
        this.#errors++;
        this.#keptErrors++;
      }
    }
    return given;
  }

  /** Changes the messages that were given since there were `before` of them. */
  revise(before: number, change: (diagnostic: Diagnostic) => Diagnostic): void {
    for (let i = before; i < this.#kept.length; i++) this.#kept[i] = change(this.#kept[i]!);
  }

  /** Warnings leave room for errors, so that where errors were reported some are kept. */
  #isFull(code: Code): boolean {
    const isError = catalogue[code].severity === "error";
    return (isError ? this.#keptErrors : this.#kept.length - this.#keptErrors) >= MOST;
  }

  #count(code: Code): void {
    this.#more++;
    if (catalogue[code].severity === "error") this.#errors++;
  }
}

// The one place that makes the proof: there is nothing to know of a message but that it was given.
const given = {} as Reported;
