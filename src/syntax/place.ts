import { tokenMatcher, type IToken, type TokenType } from "chevrotain";
import type { BodyKind, Layout } from "../../grammar/index.js";
import * as t from "../../grammar/tokens.js";
import { span, type Source, type Span } from "../source/index.js";
import type { Failure } from "./parser/index.js";

const bodies: Readonly<Record<BodyKind, string>> = {
  file: "the file",
  block: "a block",
  model: "a model",
  task: "a task",
  train: "a train section",
  meta: "a meta section",
  data: "a data section",
  budget: "a budget",
};

/** A failure among its tokens, with the questions that explaining it asks. */
export class FailurePlace {
  readonly source: Source;
  readonly layout: Layout;
  readonly failure: Failure;

  constructor(source: Source, layout: Layout, failure: Failure) {
    this.source = source;
    this.layout = layout;
    this.failure = failure;
  }

  get tokens(): readonly IToken[] {
    return this.layout.tokens;
  }

  get body(): string {
    return bodies[this.failure.body];
  }

  is(i: number, type: TokenType): boolean {
    const token = this.tokens[i];
    return token !== undefined && tokenMatcher(token, type);
  }

  isOneOf(i: number, types: readonly TokenType[]): boolean {
    return types.some((type) => this.is(i, type));
  }

  image(i: number): string {
    return this.tokens[i]?.image ?? "";
  }

  /** The place of a token; past the last one it is the end of the text that has tokens. */
  span(i: number): Span {
    const token = this.tokens[i];
    if (token === undefined) return this.after(this.tokens.length - 1);
    return span(this.source, token.startOffset, token.startOffset + token.image.length);
  }

  /** The place right behind a token. */
  after(i: number): Span {
    const token = this.tokens[i];
    const end = token === undefined ? 0 : token.startOffset + token.image.length;
    return span(this.source, end, end);
  }

  /** A token in the words of a message. */
  words(i: number): string {
    const token = this.tokens[i];
    if (token === undefined) return "the end of the file";
    const text = token.image.length > 40 ? `${token.image.slice(0, 40)}…` : token.image;
    if (tokenMatcher(token, t.StringLiteral)) return `the string \`${text}\``;
    return `\`${text}\``;
  }

  /** Whether a token could be the first of an expression's operand. */
  beginsOperand(i: number): boolean {
    return this.isOneOf(i, [
      t.Name,
      t.NumberLiteral,
      t.StringLiteral,
      t.ColumnReference,
      t.True,
      t.False,
      t.Repeat,
    ]);
  }

  /** Whether a token could be the last of an expression. */
  endsOperand(i: number): boolean {
    const closers = [t.RParen, t.RSquare, t.RCurly, t.Star];
    return (this.beginsOperand(i) && !this.is(i, t.Repeat)) || this.isOneOf(i, closers);
  }

  /** The bracket of this item that is open where it failed, the innermost one. */
  openBracket(): number | undefined {
    const open: number[] = [];
    for (let i = this.failure.first; i < this.failure.found; i++) {
      if (this.isOneOf(i, [t.LParen, t.LSquare, t.LCurly])) open.push(i);
      else if (this.isOneOf(i, [t.RParen, t.RSquare, t.RCurly])) open.pop();
    }
    return open.at(-1);
  }
}
