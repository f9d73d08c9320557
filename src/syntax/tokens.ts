import type { IToken } from "chevrotain";
import type { LexicalError } from "../../grammar/index.js";

/** Text that means nothing to the grammar, and belongs to a token all the same. */
export interface Trivia {
  readonly kind: "blank" | "newline" | "comment" | "documentation";
  readonly text: string;
}

/** A token with what stands around it: every character of a file lies in exactly one of them. */
export interface Token {
  /** The name of the grammar's token; `unknown` for characters that begin none, `end` behind the last one. */
  readonly kind: string;
  readonly text: string;
  readonly start: number;
  /** What stands before it, from the end of the line of the token before. */
  readonly leading: readonly Trivia[];
  /** What stands behind it on its line. */
  readonly trailing: readonly Trivia[];
}

interface Bare {
  readonly kind: string;
  readonly text: string;
  readonly start: number;
}

/** What the lexer makes of a text. */
interface Lexed {
  readonly layout: { readonly tokens: readonly IToken[] };
  readonly mistakes: readonly LexicalError[];
}

/** The tokens of a file. Trivia are found when somebody asks for them, since compiling never does. */
export class TokenList {
  readonly #text: string;
  readonly #bare: readonly Bare[];
  readonly #starts: Int32Array;
  #tokens: readonly Token[] | undefined;

  constructor(text: string, { layout, mistakes }: Lexed) {
    this.#text = text;
    const unknown = mistakes.flatMap(({ kind, image, startOffset }) =>
      kind === "characters" ? [{ kind: "unknown", text: image, start: startOffset }] : [],
    );
    const known = layout.tokens.map(({ tokenType, image, startOffset }) => {
      return { kind: tokenType.name, text: image, start: startOffset };
    });
    const sorted = unknown.length === 0 ? known : [...known, ...unknown].sort((a, b) => a.start - b.start);
    this.#bare = [...sorted, { kind: "end", text: "", start: text.length }];
    this.#starts = Int32Array.from(this.#bare, ({ start }) => start);
  }

  get length(): number {
    return this.#bare.length;
  }

  get all(): readonly Token[] {
    return (this.#tokens ??= this.#withTrivia());
  }

  /** The number of the first token that begins at this offset or behind it. */
  from(offset: number): number {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #withTrivia(): Token[] {
    const tokens: Token[] = [];
    let leading = splitTrivia(this.#text, 0, this.#bare[0]!.start);
    this.#bare.forEach((bare, i) => {
      const next = this.#bare[i + 1];
      const between =
        next === undefined ? [] : splitTrivia(this.#text, bare.start + bare.text.length, next.start);
      const line = between.findIndex(({ kind }) => kind === "newline");
      const cut = line === -1 && next?.kind !== "end" ? 0 : line === -1 ? between.length : line;
      tokens.push({ ...bare, leading, trailing: between.slice(0, cut) });
      leading = between.slice(cut);
    });
    return tokens;
  }
}

const newline = /\r\n|\r|\n/y;
const comment = /\/\*[\s\S]*?(?:\*\/|$(?![\s\S]))|\/\/[^\r\n]*/y;

function splitTrivia(text: string, from: number, to: number): Trivia[] {
  const found: Trivia[] = [];
  for (let at = from; at < to;) {
    const piece = triviaAt(text, at, to);
    found.push(piece);
    at += piece.text.length;
  }
  return found;
}

function triviaAt(text: string, at: number, to: number): Trivia {
  newline.lastIndex = at;
  const line = newline.exec(text)?.[0];
  if (line !== undefined) return { kind: "newline", text: line };
  comment.lastIndex = at;
  const said = comment.exec(text)?.[0];
  if (said !== undefined)
    return { kind: /^\/\/\/(?!\/)/.test(said) ? "documentation" : "comment", text: said };
  let end = at + 1;
  while (end < to && !"\r\n/".includes(text[end]!)) end++;
  return { kind: "blank", text: text.slice(at, end) };
}
