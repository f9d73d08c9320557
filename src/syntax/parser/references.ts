import type { IToken, OrMethodOpts, ParserMethod } from "chevrotain";
import * as t from "../../../grammar/tokens.js";
import { across } from "../chains.js";
import type { CallArgument, Expression, Identifier, PathExpression, TypeExpression } from "../tree.js";
import { recorded } from "./pieces.js";
import { RecoveringParser } from "./recovery.js";

/** What names something: paths, calls with their arguments, and types. */
export abstract class ReferenceParser extends RecoveringParser {
  protected abstract readonly expression: ParserMethod<[], Expression>;

  readonly type = this.RULE("type", (): TypeExpression => {
    const from = this.LA(1);
    this.stopAtItem("a type");
    const base = this.name();
    const given = this.OPTION(() => {
      this.CONSUME(t.LParen);
      const found = this.SUBRULE(this.expressions);
      this.CONSUME(t.RParen);
      return found;
    });
    const dimensions = this.OPTION2(() => {
      this.CONSUME(t.LSquare);
      const found = this.SUBRULE2(this.expressions);
      this.CONSUME(t.RSquare);
      return found;
    });
    const question = this.OPTION3(() => this.CONSUME(t.Question));
    if (this.RECORDING_PHASE) return recorded;
    return this.piece({
      kind: "type",
      base,
      arguments: given ?? [],
      dimensions: dimensions ?? [],
      optional: question !== undefined,
      ...this.placeFrom(from),
    });
  });

  readonly expressions = this.RULE("expressions", (): Expression[] => {
    const found = [this.SUBRULE(this.expression)];
    this.MANY({
      GATE: () => this.#anotherFollows(),
      DEF: () => {
        this.CONSUME(t.Comma);
        found.push(this.SUBRULE2(this.expression));
      },
    });
    this.OPTION(() => this.CONSUME2(t.Comma));
    return found;
  });

  /** A path, and a call of it if arguments follow. */
  readonly call = this.RULE("call", (): Expression => {
    const from = this.LA(1);
    const callee = this.SUBRULE(this.path);
    if (!this.follows(t.LParen)) return callee;
    const given = this.OPTION(() => {
      this.CONSUME(t.LParen);
      const found: CallArgument[] = [];
      this.OPTION2(() => this.#arguments(found));
      this.CONSUME(t.RParen);
      return found;
    });
    if (this.RECORDING_PHASE) return recorded;
    if (given === undefined) return callee;
    const { span, first, last } = this.placeFrom(from);
    // A list that was pushed to keeps room for 16 more, and a spec has thousands of them.
    return { kind: "call", callee, arguments: given.slice(), span, first, last };
  });

  #arguments(found: CallArgument[]): void {
    found.push(this.SUBRULE(this.argument));
    if (!this.follows(t.Comma)) return;
    this.MANY({
      GATE: () => this.#anotherFollows(),
      DEF: () => {
        this.CONSUME(t.Comma);
        found.push(this.SUBRULE2(this.argument));
      },
    });
    this.OPTION3(() => this.CONSUME2(t.Comma));
  }

  readonly argument = this.RULE("argument", (): CallArgument => {
    const from = this.LA(1);
    // Asked here, since an option with a condition of its own is made anew for every argument.
    const isNamed = this.RECORDING_PHASE || this.LA(2).tokenType === t.Colon;
    const named = isNamed ? this.OPTION(this.#argumentName) : undefined;
    const value = this.SUBRULE(this.expression);
    if (this.RECORDING_PHASE) return recorded;
    const { span, first, last } = named === undefined ? value : this.placeFrom(from);
    return this.piece(
      named === undefined
        ? { kind: "argument", value, span, first, last }
        : { kind: "argument", name: named, value, span, first, last },
    );
  });

  readonly #argumentName = (): Identifier => {
    const found = this.name();
    this.CONSUME(t.Colon);
    return found;
  };

  /** Its segments are no rule of their own: names are most of a spec, and a rule takes time for each. */
  readonly path = this.RULE("path", (): PathExpression => {
    // Nearly all begin with a name, for which no alternatives have to be weighed.
    const isName = !this.RECORDING_PHASE && this.follows(t.Name);
    const head = isName ? this.name() : this.OR(this.#segment);
    const segments = [head];
    if (this.follows(t.Dot))
      this.MANY(() => {
        this.CONSUME(t.Dot);
        segments.push(this.OR2(this.#nextSegment));
      });
    if (this.RECORDING_PHASE) return recorded;
    const { span, first, last } = segments.length === 1 ? head : across(head, segments.at(-1) ?? head);
    return this.piece({ kind: "path", segments, span, first, last });
  });

  // Fields, since chevrotain would else be handed new lists of alternatives for every path.
  readonly #segment: OrMethodOpts<Identifier> = {
    DEF: [{ ALT: () => this.name() }, { ALT: () => this.#star(this.CONSUME(t.Star)) }],
    ERR_MSG: "a name",
  };
  readonly #nextSegment: OrMethodOpts<Identifier> = {
    DEF: [{ ALT: () => this.name(2) }, { ALT: () => this.#star(this.CONSUME2(t.Star)) }],
    ERR_MSG: "a name",
  };

  #star(token: IToken): Identifier {
    return this.RECORDING_PHASE ? recorded : this.identifier(token);
  }

  /** A comma that is not the trailing one. */
  #anotherFollows(): boolean {
    const next = this.LA(2).tokenType;
    return next !== t.RParen && next !== t.RSquare;
  }
}
