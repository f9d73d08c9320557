import {
  EOF,
  isRecognitionException,
  type IRecognitionException,
  tokenMatcher,
  type ParserMethod,
  type TokenType,
} from "chevrotain";
import { Layout, type BodyKind } from "../../../grammar/index.js";
import * as t from "../../../grammar/tokens.js";
import type { Builder } from "../builder.js";
import type { BrokenItem, Identifier, Node } from "../tree.js";
import { PieceParser } from "./pieces.js";

/** Why an item, or a body, could not be read. Numbers are indices into the token list. */
export interface Failure {
  readonly kind: "item" | "unclosed";
  readonly body: BodyKind;
  /** The token that did not fit; past the list's end it is the end of the file. */
  readonly found: number;
  /** What would have fitted, in words. */
  readonly expected: string;
  readonly rules: readonly string[];
  /** The item goes from here … */
  readonly first: number;
  /** … up to here. For `unclosed`, `first` is the opening brace. */
  readonly resume: number;
}

/** The items of a body, in the order of the text. */
export interface Items<T> {
  readonly items: T[];
  readonly broken: BrokenItem[];
}

function isRecognition(error: unknown): error is IRecognitionException {
  return error instanceof Error && isRecognitionException(error);
}

/** What follows the first name of an item. */
const cutting = new Set<TokenType>([t.Equals, t.Colon, ...t.comparisons]);
/** What an item that declares something begins with. */
const declaring = new Set<TokenType>([...t.sectionKeywords, t.Task, t.Input, t.Weight, t.Shared]);

/** A file with as many items that cannot be read is not read further: nobody is shown more messages than half of that. */
const MOST_FAILURES = 1000;

const noLayout = new Layout([], "");

/** What every body of items shares: an item that does not fit is told of and left out, and the next one is read. */
export abstract class RecoveringParser extends PieceParser {
  // Chevrotain has these and leaves them out of its types. The number is that of the last token that counts as consumed.
  declare protected readonly importLexerState: (consumed: number) => void;
  declare protected readonly exportLexerState: () => number;

  #layout = noLayout;
  #failures: Failure[] = [];
  /** What the item at hand declares, if it came as far as its name. */
  #declared: Identifier | undefined;

  protected constructor(skipValidations: boolean) {
    super(t.tokens, skipValidations);
  }

  /** Reads the tokens of a file by a rule; items that do not fit are left out of its nodes and told in `failures`. */
  protected readBy<T>(rule: () => T, layout: Layout, b: Builder): { value: T; failures: Failure[] } {
    const failures: Failure[] = [];
    this.takeUp(b);
    this.#layout = layout;
    this.#failures = failures;
    // Chevrotain pads the list that it is given while it parses.
    this.input = [...layout.tokens];
    const value = rule();
    this.input = [];
    this.takeUp();
    this.#layout = noLayout;
    this.#failures = [];
    return { value, failures };
  }

  /** The name of what an item declares. */
  protected declaredName(): Identifier {
    const name = this.name();
    this.#declared ??= name;
    return name;
  }

  protected body<T extends Node>(kind: BodyKind, item: ParserMethod<[], T>): Items<T> {
    const opener = this.#bodyFollows() ? this.#forgotten(kind) : this.#opener();
    const items = this.items(kind, item);
    if (this.RECORDING_PHASE || this.#closes(opener)) this.CONSUME9(t.RCurly);
    else if (opener !== undefined) this.#unclosed(kind, opener);
    return items;
  }

  /** The brace that a body begins with, by its place in the list of tokens. */
  #opener(): number {
    this.CONSUME(t.LCurly);
    return this.exportLexerState();
  }

  protected items<T extends Node>(kind: BodyKind, item: ParserMethod<[], T>): Items<T> {
    const found: Items<T> = { items: [], broken: [] };
    const next = () => this.#guard(kind, found, () => this.SUBRULE9(item));
    const loop = { GATE: () => !this.#layout.leaves(kind, this.#position()), DEF: next };
    do this.MANY9(loop);
    while (!this.RECORDING_PHASE && this.#skipStray(kind, found.broken));
    return found;
  }

  /** The error production: an item that breaks is taken to its end, and the loop goes on after it. */
  #guard<T extends Node>(kind: BodyKind, found: Items<T>, item: () => T): void {
    const first = this.#position();
    const [declared, pieces] = [this.#declared, this.pieceCount];
    this.#declared = undefined;
    [this.height, this.wasTooHigh] = [0, false];
    try {
      found.items.push(item());
    } catch (error) {
      if (!isRecognition(error)) throw error;
      const broken = this.#fail(kind, first, error.message, error.context.ruleStack);
      if (broken !== undefined) found.broken.push(this.#withPieces(broken, this.piecesFrom(pieces)));
    }
    this.piecesFrom(pieces);
    this.#declared = declared;
  }

  /** What was read past a broken item's end belongs to the next one, and is read again as that. */
  #withPieces(broken: BrokenItem, all: readonly Node[]): BrokenItem {
    const pieces = all.filter(({ span }) => span.end <= broken.span.end);
    const name = this.#declared;
    return name !== undefined && pieces.includes(name) ? { ...broken, pieces, name } : { ...broken, pieces };
  }

  /** What cannot even begin an item. */
  #skipStray(kind: BodyKind, found: BrokenItem[]): boolean {
    const token = this.LA(1);
    if (token.tokenType === EOF || this.#layout.leaves(kind, this.#position())) return false;
    if (token.tokenType === t.RCurly && kind !== "file") return false;
    const broken = this.#fail(kind, this.#position(), kind === "file" ? "a section" : "an item", []);
    if (broken !== undefined) found.push(broken);
    return true;
  }

  #fail(body: BodyKind, first: number, expected: string, rules: readonly string[]): BrokenItem | undefined {
    const found = this.#position();
    const comma =
      found === first && this.LA(1).tokenType === t.Comma && this.#layout.itemFollows(body, first + 1);
    const next = comma ? first + 1 : this.#layout.resume(body, first, found);
    const resume = this.#failures.length + 1 < MOST_FAILURES ? next : this.#layout.tokens.length;
    this.#failures.push({ kind: "item", body, found, expected, rules, first, resume });
    // The argument is the last token that counts as consumed.
    this.importLexerState(resume - 1);
    const from = this.#layout.tokens[first];
    return from === undefined || resume <= first
      ? undefined
      : { kind: "broken", pieces: [], ...this.placeFrom(from) };
  }

  /** Whether the first item stands where the brace before it should. */
  #bodyFollows(): boolean {
    if (this.RECORDING_PHASE || this.LA(1).tokenType === t.LCurly) return false;
    const at = this.#position();
    return this.#layout.firstOnLine(at) && this.#layout.itemFollows("model", at);
  }

  /** Only the brace before a body was forgotten: its items are worth reading all the same. */
  #forgotten(body: BodyKind): undefined {
    const found = this.#position();
    this.#failures.push({
      kind: "item",
      body,
      found,
      expected: "`{`",
      rules: [],
      first: found - 1,
      resume: found,
    });
  }

  /** Whether a `}` is next, and not that of a body around this one. */
  #closes(opener: number | undefined): boolean {
    if (this.LA(1).tokenType !== t.RCurly) return false;
    const other = this.#layout.partner[this.#position()]!;
    return opener === undefined || other === -1 || other >= opener;
  }

  #unclosed(body: BodyKind, first: number): void {
    const found = this.#position();
    const last = this.#failures.at(-1);
    // Several bodies may end here: one forgotten brace is one report.
    if (last?.kind === "unclosed" && last.found === found) return;
    // Their braces are in what was not read.
    if (this.#failures.length >= MOST_FAILURES) return;
    this.#failures.push({ kind: "unclosed", body, found, expected: "`}`", rules: [], first, resume: found });
  }

  /** Whether the next name begins an item of its own, though one is unfinished: `h =` with `g = x` on the next line. */
  protected cutsIn(): boolean {
    const next = this.LA(2).tokenType;
    // `optimizer: epochs: 3`
    if (next === t.Colon && this.LA(0).tokenType === t.Colon && tokenMatcher(this.LA(1), t.Name)) return true;
    const mayCut = cutting.has(next) || declaring.has(this.LA(1).tokenType);
    return mayCut && this.#layout.cutsIn(this.#position());
  }

  /** Stops where an item begins though one is unfinished: a token is wanted that is never there. */
  protected stopAtItem(expected: string): void {
    if (!this.RECORDING_PHASE && this.cutsIn()) this.CONSUME(t.Nothing, { ERR_MSG: expected });
  }

  #position(): number {
    return this.exportLexerState() + 1;
  }
}
