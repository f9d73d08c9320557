import { tokenMatcher, type IToken, type TokenType } from "chevrotain";
import { closers, matchBrackets, openers } from "./brackets.js";
import * as t from "./tokens.js";

/** What the items of a body may be; `file` is the top level. */
export type BodyKind = "file" | "block" | "model" | "task" | "train" | "meta" | "data" | "budget";

const sections = new Set<TokenType>(t.sectionKeywords);
const reserved = new Set<TokenType>(t.reservedWords);
/** After one of these an item goes on, even on the next line. */
const unfinished = new Set<TokenType>([
  t.Equals,
  t.Colon,
  t.Comma,
  t.Dot,
  t.For,
  t.In,
  t.Repeat,
  t.As,
  ...openers.keys(),
]);
/** With one of these no item begins. */
const continuing = new Set<TokenType>([t.Comma, t.Dot, t.As, t.Question, ...closers]);
/** The words that declare something within a model, and what stands behind the name of it. */
const declaring = new Map<TokenType, TokenType>([
  [t.Task, t.LCurly],
  [t.Input, t.Colon],
  [t.Weight, t.Colon],
  [t.Shared, t.Equals],
]);
/** What stands second in a well-formed item. */
const seconds = new Set<TokenType>([t.Equals, t.Colon, t.LCurly]);

/** Lines and brackets of a token list: what recovery needs, and the grammar itself never asks for. */
export class Layout {
  readonly tokens: readonly IToken[];
  /** For a bracket, the index of its other half, or -1; only a closing bracket that fits is a half. */
  readonly partner: Int32Array;
  /** Whether some `{` is never closed, so that a body may end without its brace. */
  readonly unclosed: boolean;
  /** The innermost bracket that is open before a token, or -1. */
  readonly #enclosing: Int32Array;
  readonly #text: string;

  constructor(tokens: readonly IToken[], text: string) {
    this.tokens = tokens;
    this.#text = text;
    const cuts = (i: number): boolean => this.#cutsBrackets(i);
    const plain = matchBrackets(tokens, cuts);
    this.unclosed = tokens.some((token, i) => token.tokenType === t.LCurly && plain.partner[i] === -1);
    // Indentation counts only where a brace is missing anyway: in a right program it means nothing.
    const brackets = this.unclosed ? matchBrackets(tokens, cuts, this.#indentations()) : plain;
    this.partner = brackets.partner;
    this.#enclosing = brackets.enclosing;
  }

  type(i: number): TokenType | undefined {
    return this.tokens[i]?.tokenType;
  }

  firstOnLine(i: number): boolean {
    const token = this.tokens[i];
    if (token === undefined) return false;
    for (let at = token.startOffset - 1; at >= 0; at--) {
      const code = this.#text.charCodeAt(at);
      if (code === 10 || code === 13) return true;
      // Only the blanks before it are looked at, and a comment's end, so that this stays cheap.
      if (code !== 32 && code !== 9) return this.#breakSince(i);
    }
    return true;
  }

  /** A section at the left margin: `model Name {`, `const name =`, `data {`. */
  sectionStart(i: number): boolean {
    const type = this.type(i);
    if (type === undefined || !sections.has(type) || !this.#atMargin(i)) return false;
    const next = this.type(i + 1);
    if (next === t.LCurly) return true;
    const afterName = this.type(i + 2);
    return (
      this.#isName(i + 1) && (afterName === t.LCurly || afterName === t.Equals || afterName === t.LParen)
    );
  }

  /** Whether an item of the body around this one begins here, so that a brace must be missing before it. */
  leaves(kind: BodyKind, i: number): boolean {
    if (!this.unclosed || kind === "file" || !this.firstOnLine(i)) return false;
    if (this.sectionStart(i)) return true;
    if (kind !== "task" || !this.#isName(i + 1)) return false;
    const after = this.type(i + 2);
    return (this.type(i) === t.Task && after === t.LCurly) || (this.type(i) === t.Input && after === t.Colon);
  }

  /** Whether an item, or the end of its body, is here, as far as one can tell from two tokens. */
  itemFollows(kind: BodyKind, i: number): boolean {
    if (this.tokens[i] === undefined || this.type(i) === t.RCurly) return true;
    return kind !== "file" && (this.firstOnLine(i) || this.#clearlyStarts(i));
  }

  /**
   * Whether a name begins an item, and so no operand: one that `=`, `:` or a comparison follows, or that declares something.
   * A `:` also follows the range of a comprehension, which is in square brackets.
   */
  cutsIn(i: number): boolean {
    if (!this.firstOnLine(i) || this.firstOnLine(i + 1)) return false;
    const next = this.tokens[i + 1];
    if (next === undefined) return false;
    if (next.tokenType === t.Equals) return true;
    const around = this.#enclosing[i]!;
    if (around !== -1 && this.type(around) !== t.LCurly) return false;
    if (next.tokenType === t.Colon || tokenMatcher(next, t.Comparison)) return true;
    return around === -1 ? this.sectionStart(i) : this.#declares(i);
  }

  /** `task NAME {`, `input NAME:` and the like, on one line. */
  #declares(i: number): boolean {
    const third = declaring.get(this.tokens[i]!.tokenType);
    return (
      third !== undefined && this.#isName(i + 1) && this.type(i + 2) === third && !this.firstOnLine(i + 2)
    );
  }

  /** Where parsing goes on after an item that began at `first` and broke at `failed`. */
  resume(kind: BodyKind, first: number, failed: number): number {
    let line = failed;
    while (line > first && !this.firstOnLine(line)) line--;
    // `x =` with the next item below it breaks within that next item, which is a good one.
    if (line > first && this.#starts(kind, line) && !this.#enclosed(first, line)) return line;
    let i = this.#enclosed(first, failed) ? this.#outside(first, failed) : failed;
    for (; i < this.tokens.length; i = this.#next(i)) {
      if (i === first) continue;
      const partner = this.partner[i]!;
      if (partner !== -1 && partner < first) return i;
      if (this.#starts(kind, i)) return i;
    }
    return i;
  }

  /** For each token how far its line is indented, or -1 - that where it is not the first of its line. */
  #indentations(): Int32Array {
    const found = new Int32Array(this.tokens.length);
    let current = 0;
    this.tokens.forEach((token, i) => {
      const first = this.firstOnLine(i);
      if (first) {
        let start = token.startOffset;
        while (start > 0 && /[ \t]/.test(this.#text[start - 1]!)) start--;
        current = token.startOffset - start;
      }
      found[i] = first ? current : -1 - current;
    });
    return found;
  }

  #starts(kind: BodyKind, i: number): boolean {
    if (!this.firstOnLine(i)) return false;
    if (kind === "file") {
      return this.sectionStart(i) || (this.#atMargin(i) && this.#isName(i) && this.#headsSection(i));
    }
    if (this.leaves(kind, i) || this.#clearlyStarts(i)) return true;
    const previous = this.tokens[i - 1]!;
    const token = this.tokens[i]!;
    const goesOn = unfinished.has(previous.tokenType) || tokenMatcher(previous, t.Operator);
    return !goesOn && !continuing.has(token.tokenType) && !tokenMatcher(token, t.Operator);
  }

  /** A line that cannot stand within parentheses; a named argument on a line of its own can. */
  #cutsBrackets(i: number): boolean {
    if (!this.#isName(i) || !this.firstOnLine(i)) return false;
    const next = this.type(i + 1);
    if (next === t.Equals || this.#isName(i + 1)) return true;
    const previous = this.tokens[i - 1]!;
    return next === t.Colon && !unfinished.has(previous.tokenType) && !tokenMatcher(previous, t.Operator);
  }

  #headsSection(i: number): boolean {
    return this.type(i + 1) === t.LCurly || this.#isName(i + 1) || sections.has(this.tokens[i]!.tokenType);
  }

  #clearlyStarts(i: number): boolean {
    const type = this.tokens[i]!.tokenType;
    if (type === t.Return) return true;
    if (!this.#isName(i) && !reserved.has(type)) return false;
    const next = this.tokens[i + 1];
    if (next === undefined) return true;
    if (next.tokenType === t.Star) {
      const after = this.type(i + 2);
      return after === t.Dot || after === t.Colon;
    }
    return seconds.has(next.tokenType) || this.#isName(i + 1) || tokenMatcher(next, t.Comparison);
  }

  #isName(i: number): boolean {
    const token = this.tokens[i];
    return token !== undefined && tokenMatcher(token, t.Name);
  }

  #atMargin(i: number): boolean {
    const start = this.tokens[i]!.startOffset;
    const before = start === 0 ? 10 : this.#text.charCodeAt(start - 1);
    return before === 10 || before === 13 || before === 0xfeff;
  }

  #breakSince(i: number): boolean {
    const previous = this.tokens[i - 1];
    const from = previous === undefined ? 0 : previous.startOffset + previous.image.length;
    return previous === undefined || /[\r\n]/.test(this.#text.slice(from, this.tokens[i]!.startOffset));
  }

  /** One token on, or past the end of the brackets that open here. */
  #next(i: number): number {
    return Math.max(i, this.partner[i]!) + 1;
  }

  #enclosed(first: number, at: number): boolean {
    return this.#outside(first, at) > at;
  }

  /** The first index that is not within brackets opened at or after `first`, from `at` on. */
  #outside(first: number, at: number): number {
    let i = first;
    while (i < at) i = this.#next(i);
    return i;
  }
}
