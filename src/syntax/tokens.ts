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

/** The tokens of a file. Trivia are found when somebody asks for them, since compiling never does. */
export class TokenList {
  readonly #text: string;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  /** Indices into the names of kinds. */
  readonly #kinds: Uint8Array;
  readonly #names: readonly string[];
  #tokens: readonly Token[] | undefined;

  constructor(text: string, tokens: readonly IToken[], mistakes: readonly LexicalError[]) {
    this.#text = text;
    const strangers = mistakes.filter(({ kind }) => kind === "characters");
    const count = tokens.length + strangers.length + 1;
    this.#starts = new Int32Array(count);
    this.#ends = new Int32Array(count);
    this.#kinds = new Uint8Array(count);
    const names = new Map([
      ["unknown", 0],
      ["end", 1],
    ]);
    const put = (i: number, kind: string, start: number, length: number) => {
      let index = names.get(kind);
      if (index === undefined) names.set(kind, (index = names.size));
      this.#kinds[i] = index;
      this.#starts[i] = start;
      this.#ends[i] = start + length;
    };
    let i = 0;
    let next = 0;
    for (const token of tokens) {
      const { tokenType, image, startOffset } = token;
      for (let other = strangers[next]; other && other.startOffset < startOffset; other = strangers[++next])
        put(i++, "unknown", other.startOffset, other.image.length);
      put(i++, tokenType.name, startOffset, image.length);
    }
    for (const other of strangers.slice(next)) put(i++, "unknown", other.startOffset, other.image.length);
    put(i, "end", text.length, 0);
    this.#names = [...names.keys()];
  }

  get length(): number {
    return this.#starts.length;
  }

  get all(): readonly Token[] {
    return (this.#tokens ??= this.#withTrivia());
  }

  /** The number of one of the grammar's tokens among all of the file. */
  numberOf(token: IToken): number {
    return this.from(token.startOffset);
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
    let leading = splitTrivia(this.#text, 0, this.#starts[0]!);
    for (let i = 0; i < this.length; i++) {
      const [start, end] = [this.#starts[i]!, this.#ends[i]!];
      const isLast = i === this.length - 1;
      const between = isLast ? [] : splitTrivia(this.#text, end, this.#starts[i + 1]!);
      const line = between.findIndex((trivia) => trivia.kind === "newline");
      // Behind the last code of a line, all that is left of the line is its own.
      const cut = line !== -1 ? line : i === this.length - 2 ? between.length : 0;
      const kind = this.#names[this.#kinds[i]!]!;
      const text = this.#text.slice(start, end);
      tokens.push({ kind, text, start, leading, trailing: between.slice(0, cut) });
      leading = between.slice(cut);
    }
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
