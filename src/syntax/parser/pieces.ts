import {
  EmbeddedActionsParser,
  tokenMatcher,
  type IToken,
  type TokenType,
  type TokenVocabulary,
} from "chevrotain";
import * as t from "../../../grammar/tokens.js";
import { makeSource, type Source } from "../../source/index.js";
import { identifier, spanOf, type Builder } from "../builder.js";
import { TokenList } from "../tokens.js";
import type { Identifier, Node, Placed } from "../tree.js";
import { expectation } from "./expectation.js";

/**
 * Stands for a node while chevrotain records the grammar: it calls each rule once, with tokens and nodes that are none,
 * and never looks at what the rule returns.
 */
// No value is of this type, so that it fits every rule; none of them reads it.
export const recorded = undefined as never;

const noSource: Source = makeSource("", "");

/** What a parser knows while it reads no file: the shared instance must not keep one alive. */
const idle: Builder = {
  source: noSource,
  tokens: new TokenList("", [], []),
  docs: new Map(),
  report: () => {},
};

/** Makes nodes as it reads, and remembers those of an item that may yet turn out to be broken. */
export abstract class PieceParser extends EmbeddedActionsParser {
  protected b: Builder = idle;
  /**
   * How many levels of the tree were read since this was last set to 0. A rule that bounds the height sets it to 0 before
   * its parts and afterwards to the most that its siblings or itself need.
   */
  protected height = 0;
  /** Whether the item at hand was told to be too high: what stands around a part may be so again, by the same mistake. */
  protected wasTooHigh = false;
  /** The largest nodes of the item at hand that were read to their end, in the order of the text. */
  #pieces: Node[] = [];

  protected constructor(vocabulary: TokenVocabulary, skipValidations: boolean) {
    const options = { recoveryEnabled: false, maxLookahead: 2, errorMessageProvider: expectation };
    super(vocabulary, { ...options, skipValidations });
  }

  /** Takes up a file, or none. */
  protected takeUp(b: Builder = idle): void {
    this.b = b;
    this.#pieces = [];
  }

  /**
   * Whether a token is next, so that what begins with it is worth trying: chevrotain makes functions and lists for every part that
   * may be there, also where it is not. Always so while the grammar is recorded.
   */
  protected follows(type: TokenType): boolean {
    return this.RECORDING_PHASE || tokenMatcher(this.LA(1), type);
  }

  /** `MANY` of what begins with this token, without the lists and functions that chevrotain makes for each. */
  protected asLongAs(type: TokenType, read: () => void): void {
    if (this.RECORDING_PHASE) this.MANY(read);
    else while (this.follows(type)) read();
  }

  /** The next token, as a name. The number tells the names of one rule apart. */
  protected name(number = 0): Identifier {
    const token = this.consume(number, t.Name);
    return this.RECORDING_PHASE ? recorded : this.piece(this.identifier(token));
  }

  protected identifier(token: IToken): Identifier {
    return identifier(this.b, token);
  }

  /** The place of what began with this token and ends with the one before the next. */
  protected placeFrom(from: IToken): Placed {
    const to = this.LA(0);
    const { tokens } = this.b;
    return { span: spanOf(this.b, from, to), first: tokens.numberOf(from), last: tokens.numberOf(to) };
  }

  /** Keeps a node that was read to its end; the pieces within it are parts of it from here on. */
  protected piece<N extends Node>(node: N): N {
    const pieces = this.#pieces;
    while (pieces.length > 0 && pieces[pieces.length - 1]!.span.start >= node.span.start) pieces.pop();
    pieces.push(node);
    return node;
  }

  protected get pieceCount(): number {
    return this.#pieces.length;
  }

  /** Takes out the pieces from this one on. */
  protected piecesFrom(index: number): Node[] {
    return this.#pieces.splice(index);
  }
}
