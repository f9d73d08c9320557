import type { IToken, TokenType } from "chevrotain";
import * as t from "./tokens.js";

/** Opening brackets and what closes them. */
export const openers = new Map<TokenType, TokenType>([
  [t.LParen, t.RParen],
  [t.LSquare, t.RSquare],
  [t.LCurly, t.RCurly],
]);
export const closers = new Set<TokenType>(openers.values());

/** Which brackets belong together. */
export interface Brackets {
  /** For a bracket the index of its other half, else -1. */
  readonly partner: Int32Array;
  /** The innermost bracket that is open before a token, or -1. */
  readonly enclosing: Int32Array;
}

/**
 * Pairs the brackets of a token list. `cuts` tells tokens that cannot stand in parentheses, so that no later one
 * closes those before them. With `indentations`, a `}` that begins a line closes the brace whose line is indented
 * as far, and those within it count as never closed.
 */
export function matchBrackets(
  tokens: readonly IToken[],
  cuts: (i: number) => boolean,
  indentations?: Int32Array,
): Brackets {
  const enclosing = new Int32Array(tokens.length);
  const partner = new Int32Array(tokens.length).fill(-1);
  const open: number[] = [];
  const typeOf = (depth: number): TokenType => tokens[open[depth]!]!.tokenType;
  const inParentheses = (): boolean => open.length > 0 && typeOf(open.length - 1) !== t.LCurly;
  const close = (i: number, type: TokenType): void => {
    let depth = open.length - 1;
    const fits = (): boolean => openers.get(typeOf(depth)) === type;
    // A brace closes over forgotten parentheses; a parenthesis never closes over a brace.
    while (depth >= 0 && !fits() && (type === t.RCurly || typeOf(depth) !== t.LCurly)) depth--;
    if (depth < 0 || !fits()) return;
    if (type === t.RCurly && indentations !== undefined)
      depth = sameIndentation(open, depth, i, tokens, indentations);
    partner[i] = open[depth]!;
    partner[open[depth]!] = i;
    open.length = depth;
  };
  tokens.forEach((token, i) => {
    const type = token.tokenType;
    if (inParentheses() && cuts(i)) while (inParentheses()) open.pop();
    enclosing[i] = open.at(-1) ?? -1;
    if (openers.has(type)) open.push(i);
    if (closers.has(type)) close(i, type);
  });
  return { partner, enclosing };
}

function sameIndentation(
  open: readonly number[],
  from: number,
  closer: number,
  tokens: readonly IToken[],
  indentations: Int32Array,
): number {
  const column = indentations[closer]!;
  const lineOf = (depth: number): number => {
    const own = indentations[open[depth]!]!;
    return own < 0 ? -1 - own : own;
  };
  if (column < 0 || lineOf(from) <= column) return from;
  for (let depth = from - 1; depth >= 0; depth--) {
    if (tokens[open[depth]!]!.tokenType === t.LCurly && lineOf(depth) === column) return depth;
  }
  return from;
}
