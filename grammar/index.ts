import type { IToken } from "chevrotain";
import { lexer } from "./tokens.js";

export { Layout } from "./layout.js";
export type { BodyKind } from "./layout.js";

/** A piece of text that is no token. */
export interface LexicalError {
  readonly kind: "characters" | "comment";
  readonly startOffset: number;
  readonly image: string;
}

/** What the lexer makes of a text. */
export interface Lexed {
  readonly tokens: readonly IToken[];
  /** `///` comments, in order. */
  readonly docs: readonly IToken[];
  /** Characters that begin no token, in runs, and comments without an end. */
  readonly mistakes: readonly LexicalError[];
}

/** Splits a text into tokens; nothing in it makes this throw. */
export function lexText(text: string): Lexed {
  const { tokens, groups, errors } = lexer.tokenize(text);
  const mistakes: LexicalError[] = errors.map(({ offset, length }) => {
    return { kind: "characters", startOffset: offset, image: text.slice(offset, offset + length) };
  });
  for (const { startOffset, image } of groups["mistakes"] ?? []) {
    mistakes.push({ kind: "comment", startOffset, image });
  }
  return { tokens, docs: groups["docs"] ?? [], mistakes };
}
