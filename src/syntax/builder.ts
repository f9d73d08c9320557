import type { CstNode, IToken } from "chevrotain";
import type { Diagnostic } from "../diagnostics/index.js";
import { span, type Source, type Span } from "../source/index.js";
import type { ErrorExpression, Identifier, Placed } from "./tree.js";
import type { TokenList } from "./tokens.js";

/** What every function that makes a piece of the AST needs. */
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

export function nodeSpan(b: Builder, { location }: CstNode): Span {
  const { startOffset = Number.NaN, endOffset = Number.NaN } = location ?? {};
  return span(b.source, startOffset, endOffset + 1);
}

/** The place of a span that begins and ends with a token. */
export function placed(b: Builder, at: Span): Placed {
  return { span: at, first: b.tokens.from(at.start), last: b.tokens.from(at.end) - 1 };
}

export function identifier(b: Builder, token: IToken): Identifier {
  return { kind: "identifier", name: token.image, ...placed(b, tokenSpan(b, token)) };
}

export function errorExpression(b: Builder, at: Span): ErrorExpression {
  return { kind: "error", ...placed(b, at) };
}

/** The place of a declaration, with its documentation if it has one. */
export function declared(b: Builder, node: CstNode): Placed & { readonly doc?: string } {
  const at = nodeSpan(b, node);
  const doc = b.docs.get(at.start);
  return doc === undefined ? placed(b, at) : { ...placed(b, at), doc };
}

/** The last of several alternatives: the grammar read it, since it read none of the others. Throws where that is not so. */
export function present<T>(part: T | undefined): T {
  if (part === undefined) throw new Error("a rule of the grammar that was read without any of its parts");
  return part;
}

/** The source's text, in one line and not too long for a hint. */
export function excerpt(b: Builder, start: number, end: number): string | undefined {
  if (end - start > 200) return undefined;
  const text = b.source.text.slice(start, end).replace(/\s+/g, " ");
  return text.length > 80 ? undefined : text;
}
