import type { IToken } from "chevrotain";
import type { SpecCstNode } from "./cst.generated.js";
import type { Layout } from "./layout.js";
import { NnspecParser } from "./parser.js";
import type { Failure } from "./recovery.js";
import { lexer } from "./tokens.js";

export type { BodyKind, Layout } from "./layout.js";
export { brokenKey } from "./recovery.js";
export type { Failure } from "./recovery.js";

/** Chevrotain's parser is stateful and costly to make: this is the one shared instance. It is synchronous. */
const parser = new NnspecParser();

/** A piece of text that is no token. */
export interface LexicalError {
  readonly kind: "characters" | "comment";
  readonly startOffset: number;
  readonly image: string;
}

/** What the grammar makes of a text. */
export interface Reading {
  readonly cst: SpecCstNode;
  readonly layout: Layout;
  /** `///` comments, in order. */
  readonly docs: readonly IToken[];
  /** Characters that begin no token, in runs, and comments without an end. */
  readonly mistakes: readonly LexicalError[];
  readonly failures: readonly Failure[];
}

/** Lexes and parses; nothing in a text makes it throw. */
export function readText(text: string): Reading {
  const { tokens, groups, errors } = lexer.tokenize(text);
  const { cst, failures, layout } = parser.read(tokens, text);
  const mistakes: LexicalError[] = errors.map(({ offset, length }) => {
    return { kind: "characters", startOffset: offset, image: text.slice(offset, offset + length) };
  });
  for (const { startOffset, image } of groups["mistakes"] ?? []) {
    mistakes.push({ kind: "comment", startOffset, image });
  }
  // Chevrotain types all trees alike; that of the first rule is a whole file.
  return { cst: cst as SpecCstNode, layout, docs: groups["docs"] ?? [], mistakes, failures };
}

/** The rules, for the tool that writes `cst.generated.d.ts` and for tests. */
export function grammarRules(): ReturnType<NnspecParser["getGAstProductions"]> {
  return parser.getGAstProductions();
}
