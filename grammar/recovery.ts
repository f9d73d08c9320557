import {
  CstParser,
  EOF,
  isRecognitionException,
  type CstNode,
  type IRecognitionException,
  type IToken,
  type ParserMethod,
} from "chevrotain";
import { expectation } from "./expectation.js";
import { Layout, type BodyKind } from "./layout.js";
import * as t from "./tokens.js";

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

function isRecognition(error: unknown): error is IRecognitionException {
  return error instanceof Error && isRecognitionException(error);
}

const noLayout = new Layout([], "");

/** Under this key a body's tree holds the stretches that could not be read. */
export const brokenKey = "broken";

/** What every body of items shares: an item that does not fit is told of and left out, and the next one is read. */
export abstract class RecoveringParser extends CstParser {
  // Chevrotain has these and leaves them out of its types.
  declare protected readonly importLexerState: (consumed: number) => void;
  declare private readonly CST_STACK: CstNode[];
  declare private readonly setInitialNodeLocation: (node: CstNode) => void;
  declare private cstInvocationStateUpdate: (rule: string) => void;
  declare private readonly cstPostRule: (node: CstNode) => void;
  declare private invokeRuleCatch: (error: unknown, ...rest: unknown[]) => unknown;

  #layout = noLayout;
  #failures: Failure[] = [];

  protected constructor() {
    super(t.tokens, {
      recoveryEnabled: false,
      nodeLocationTracking: "onlyOffset",
      maxLookahead: 2,
      errorMessageProvider: expectation,
    });
    this.#keepPartialTrees();
    this.#useSmallNodes();
  }

  /**
   * Chevrotain's nodes hold their children in objects without a prototype, which V8 keeps as hash tables, several times
   * as large. The keys are names of our own rules and tokens, so plain objects serve.
   */
  #useSmallNodes(): void {
    this.cstInvocationStateUpdate = (name) => {
      const node: CstNode = { name, children: {} };
      this.setInitialNodeLocation(node);
      this.CST_STACK.push(node);
    };
  }

  /**
   * Has a rule that breaks leave what it has read in the tree of the rule around it, marked with `recoveredNode`. Chevrotain
   * does so only with its own recovery, which inserts and drops tokens.
   */
  #keepPartialTrees(): void {
    const inherited = this.invokeRuleCatch;
    this.invokeRuleCatch = (error, ...rest) => {
      const partial = this.CST_STACK.at(-1);
      if (isRecognition(error) && partial !== undefined && this.CST_STACK.length > 1) {
        this.cstPostRule(partial);
        Object.assign(partial, { recoveredNode: true });
        Object.assign(error, { partialCstResult: partial });
      }
      return inherited.call(this, error, ...rest);
    };
  }

  /** The rule for a whole file. */
  protected abstract readonly spec: ParserMethod<[], CstNode>;

  /** Reads a whole file; a broken item is left out of the tree and told in `failures`. */
  read(tokens: IToken[], text: string): { cst: CstNode; failures: Failure[]; layout: Layout } {
    tokens.forEach((token, i) => {
      token.payload = i;
      // The lexer leaves it out with `onlyOffset`, and the tree takes its own ends from it.
      token.endOffset = token.startOffset + token.image.length - 1;
    });
    const layout = new Layout(tokens, text);
    const failures: Failure[] = [];
    this.#layout = layout;
    this.#failures = failures;
    // Chevrotain pads the list that it is given while it parses.
    this.input = [...tokens];
    const cst = this.spec();
    // The shared instance must not keep a file alive.
    this.input = [];
    this.#layout = noLayout;
    this.#failures = [];
    return { cst, failures, layout };
  }

  protected body(kind: BodyKind, item: ParserMethod<[], CstNode>): void {
    const opener = this.#bodyFollows() ? this.#forgotten(kind) : this.CONSUME(t.LCurly);
    this.items(kind, item);
    if (this.RECORDING_PHASE || this.#closes(opener)) this.CONSUME9(t.RCurly);
    else if (opener !== undefined) this.#unclosed(kind, opener);
  }

  protected items(kind: BodyKind, item: ParserMethod<[], CstNode>): void {
    do {
      this.MANY9({
        GATE: () => !this.#layout.leaves(kind, this.#position()),
        DEF: () => this.#guard(kind, () => this.SUBRULE9(item)),
      });
    } while (!this.RECORDING_PHASE && this.#skipStray(kind));
  }

  /** The error production: an item that breaks is taken to its end, and the loop goes on after it. */
  #guard(kind: BodyKind, item: () => void): void {
    const first = this.#position();
    try {
      item();
    } catch (error) {
      if (!isRecognition(error)) throw error;
      this.#fail(kind, first, error.message, error.context.ruleStack);
    }
  }

  /** What cannot even begin an item. */
  #skipStray(kind: BodyKind): boolean {
    const token = this.LA(1);
    if (token.tokenType === EOF || this.#layout.leaves(kind, this.#position())) return false;
    if (token.tokenType === t.RCurly && kind !== "file") return false;
    this.#fail(kind, this.#position(), kind === "file" ? "a section" : "an item", []);
    return true;
  }

  #fail(body: BodyKind, first: number, expected: string, rules: readonly string[]): void {
    const found = this.#position();
    const comma =
      found === first && this.LA(1).tokenType === t.Comma && this.#layout.itemFollows(body, first + 1);
    const resume = comma ? first + 1 : this.#layout.resume(body, first, found);
    this.#failures.push({ kind: "item", body, found, expected, rules, first, resume });
    this.#keepStretch(first, resume);
    // The argument is the last token that counts as consumed.
    this.importLexerState(resume - 1);
  }

  /** The tree has every token, so also those of what could not be read. */
  #keepStretch(first: number, resume: number): void {
    const [from, to] = [this.#layout.tokens[first], this.#layout.tokens[resume - 1]];
    const body = this.CST_STACK.at(-1);
    if (from === undefined || to?.endOffset === undefined || resume <= first || body === undefined) return;
    const location = { startOffset: from.startOffset, endOffset: to.endOffset };
    (body.children[brokenKey] ??= []).push({ name: brokenKey, children: {}, location });
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
  #closes(opener: IToken | undefined): boolean {
    if (this.LA(1).tokenType !== t.RCurly) return false;
    const other = this.#layout.partner[this.#position()]!;
    return opener === undefined || other === -1 || other >= placeOf(opener);
  }

  #unclosed(body: BodyKind, opener: IToken): void {
    const found = this.#position();
    const last = this.#failures.at(-1);
    // Several bodies may end here: one forgotten brace is one report.
    if (last?.kind === "unclosed" && last.found === found) return;
    const first = placeOf(opener);
    this.#failures.push({ kind: "unclosed", body, found, expected: "`}`", rules: [], first, resume: found });
  }

  /** Whether the next name begins an item of its own, though one is unfinished: `h =` with `g = x` on the next line. */
  protected cutsIn(): boolean {
    const next = this.LA(2).tokenType;
    return (next === t.Equals || next === t.Colon) && this.#layout.cutsIn(this.#position());
  }

  #position(): number {
    const token = this.LA(1);
    return token.tokenType === EOF ? this.#layout.tokens.length : placeOf(token);
  }
}

/** Which of the text's tokens it is. */
function placeOf({ payload }: IToken): number {
  if (typeof payload !== "number") throw new Error("a token that was not counted");
  return payload;
}
