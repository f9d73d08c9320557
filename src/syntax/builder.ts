import type { IToken } from "chevrotain";
import type { Diagnostic } from "../diagnostics/index.js";
import { span, type Source, type Span } from "../source/index.js";
import type { ErrorExpression, Identifier } from "./tree.js";
import type { TokenList } from "./tokens.js";

/** What every function that makes a piece of the tree needs. */
export interface Builder {
  readonly source: Source;
  readonly tokens: TokenList;
  /** The documentation of a declaration, by the offset at which it begins. */
  readonly docs: ReadonlyMap<number, string>;
  readonly report: (diagnostic: Diagnostic) => void;
}

export function tokenSpan(b: Builder, token: IToken): Span {
  return span(b.source, token.startOffset, token.startOffset + token.image.length);
}

/** The place from one token to another one. */
export function spanOf(b: Builder, from: IToken, to: IToken): Span {
  return span(b.source, from.startOffset, to.startOffset + to.image.length);
}

export function identifier(b: Builder, token: IToken): Identifier {
  const number = b.tokens.numberOf(token);
  return { kind: "identifier", name: token.image, span: tokenSpan(b, token), first: number, last: number };
}

/** Stands where something could not be read, between the tokens that begin and end there. */
export function errorExpression(b: Builder, at: Span): ErrorExpression {
  return { kind: "error", span: at, first: b.tokens.from(at.start), last: b.tokens.from(at.end) - 1 };
}

/** The source's text, in one line and not too long for a hint. */
export function excerpt(b: Builder, start: number, end: number): string | undefined {
  if (end - start > 200) return undefined;
  const text = b.source.text.slice(start, end).replace(/\s+/g, " ");
  return text.length > 80 ? undefined : text;
}
