import type { IToken, OrMethodOpts, ParserMethod } from "chevrotain";
import * as t from "../../../grammar/tokens.js";
import { diagnostic } from "../../diagnostics/index.js";
import { cover } from "../../source/index.js";
import { errorExpression } from "../builder.js";
import { chained, levelsOf, type Link } from "../chains.js";
import { columnReference, numberLiteral, stringLiteral } from "../literals.js";
import type { Expression, Identifier, ObjectEntry } from "../tree.js";
import { recorded } from "./pieces.js";
import { ReferenceParser } from "./references.js";

/** Higher trees are refused, so that whoever walks them later may use the stack. */
const maximumHeight = 1000;

/** `[0, 1]` or `as name` behind an operand. */
type Suffix = readonly Expression[] | Identifier;

/** What an operand may be, and what it is called where it is none of these. */
type Alternatives = OrMethodOpts<Expression> & { readonly ERR_MSG: string };

/** `for variable in range: body`. */
interface Loop {
  readonly variable: Identifier;
  readonly range: Expression;
  readonly body: Expression;
}

const none: readonly never[] = [];

/** Expressions. Operators are read flat: their precedence is settled in `chained`. */
export abstract class ExpressionParser extends ReferenceParser {
  /** Flat: a chain of any length takes no stack. */
  protected readonly expression = this.RULE("expression", (): Expression => {
    const read = this.#chainOf(this.operand);
    return this.RECORDING_PHASE ? recorded : this.piece(read);
  });

  /** An expression that neither opens with a brace nor repeats, so that `repeat repeat …` takes no stack. */
  readonly count = this.RULE("count", (): Expression => this.#chainOf(this.countOperand));

  #chainOf(operand: ParserMethod<[], Expression>): Expression {
    const beside = this.height;
    this.height = 0;
    const head = this.SUBRULE(operand);
    if (!this.follows(t.Operator)) return this.#bounded(head, this.height, beside);
    const links: Link[] = [];
    this.asLongAs(t.Operator, () => {
      const operator = this.CONSUME(t.Operator);
      links.push({ operator, operand: this.SUBRULE2(operand) });
    });
    if (this.RECORDING_PHASE) return recorded;
    return this.#bounded(chained(this.b, head, links), this.height + levelsOf(links), beside);
  }

  /** The expression, unless it is too high; `beside` is what its siblings need. */
  #bounded(expression: Expression, height: number, beside: number): Expression {
    const isTooHigh = height > maximumHeight;
    this.height = isTooHigh ? beside : Math.max(beside, height);
    if (!isTooHigh) return expression;
    const { span } = expression;
    if (!this.wasTooHigh) this.b.report(diagnostic("NN1021", span, { limit: maximumHeight }));
    this.wasTooHigh = true;
    return errorExpression(this.b, span);
  }

  readonly operand = this.RULE("operand", (): Expression => this.#operandOf(this.#operand));

  readonly countOperand = this.RULE("countOperand", (): Expression => this.#operandOf(this.#countOperand));

  #operandOf(alternatives: Alternatives): Expression {
    const [signs, beside] = [this.#signs(), this.height];
    this.height = 0;
    this.stopAtItem(alternatives.ERR_MSG);
    return this.#suffixed(this.OR(alternatives), signs, beside);
  }

  // Fields, since chevrotain would else be handed new lists of alternatives for every operand.
  readonly #operand: Alternatives = {
    DEF: [
      { ALT: () => this.SUBRULE(this.call) },
      { ALT: () => this.#number() },
      { ALT: () => this.#text(this.CONSUME(t.StringLiteral)) },
      { ALT: () => this.#truth(this.CONSUME(t.True), true) },
      { ALT: () => this.#truth(this.CONSUME(t.False), false) },
      { ALT: () => this.#column(this.CONSUME(t.ColumnReference)) },
      { ALT: () => this.SUBRULE(this.parenthesized) },
      { ALT: () => this.SUBRULE(this.list) },
      { ALT: () => this.SUBRULE(this.object) },
      { ALT: () => this.SUBRULE(this.repeat) },
    ],
    ERR_MSG: "an expression",
  };
  readonly #countOperand: Alternatives = {
    DEF: [
      { ALT: () => this.SUBRULE(this.call) },
      { ALT: () => this.#number() },
      { ALT: () => this.SUBRULE(this.parenthesized) },
    ],
    ERR_MSG: "a number of times",
  };

  #signs(): readonly IToken[] {
    if (!this.follows(t.Minus)) return none;
    const signs: IToken[] = [];
    this.MANY(() => void signs.push(this.CONSUME(t.Minus)));
    return signs;
  }

  /** An operand with what stands around it: `-x[0] as y`. */
  #suffixed(target: Expression, signs: readonly IToken[], beside: number): Expression {
    let result = target;
    let height = this.height + 1 + signs.length;
    if (this.follows(t.LSquare) || this.follows(t.As))
      this.MANY2(() => {
        const suffix = this.SUBRULE(this.postfix);
        if (!this.RECORDING_PHASE) result = this.#withSuffix(result, suffix);
        height = Math.max(height, this.height + 1) + 1;
      });
    if (this.RECORDING_PHASE) return recorded;
    for (let i = signs.length - 1; i >= 0; i--) {
      const { span, first, last } = this.placeFrom(signs[i]!);
      result = { kind: "unary", operator: "-", operand: result, span, first, last };
    }
    return this.#bounded(result, height, beside);
  }

  #withSuffix(target: Expression, suffix: Suffix): Expression {
    const end = this.placeFrom(this.LA(0));
    const [span, first, last] = [cover(target.span, end.span), target.first, end.last];
    return "kind" in suffix
      ? { kind: "as", target, name: suffix, span, first, last }
      : { kind: "index", target, indices: suffix, span, first, last };
  }

  readonly postfix = this.RULE("postfix", (): Suffix => this.OR(this.#postfix));

  readonly #postfix: OrMethodOpts<Suffix> = {
    DEF: [
      {
        ALT: () => {
          this.CONSUME(t.LSquare);
          const indices = this.SUBRULE(this.expressions);
          this.CONSUME(t.RSquare);
          return indices;
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.As);
          this.stopAtItem("a name");
          return this.name();
        },
      },
    ],
  };

  /** No rule of its own: long lists are mostly numbers, and a rule takes time for each. */
  #number(): Expression {
    const written = this.CONSUME(t.NumberLiteral);
    const unit = this.RECORDING_PHASE || this.#unitFollows() ? this.OPTION(this.#unit) : undefined;
    return this.RECORDING_PHASE ? recorded : numberLiteral(this.b, written, unit);
  }

  readonly #unit = (): IToken => this.CONSUME(t.Unit);

  /** A setting or binding that is called `KB` may follow a number. */
  #unitFollows(): boolean {
    const next = this.LA(2).tokenType;
    return this.LA(1).tokenType === t.Unit && next !== t.Colon && next !== t.Equals;
  }

  #text(token: IToken): Expression {
    return this.RECORDING_PHASE ? recorded : stringLiteral(this.b, token);
  }

  #column(token: IToken): Expression {
    return this.RECORDING_PHASE ? recorded : columnReference(this.b, token);
  }

  #truth(token: IToken, value: boolean): Expression {
    return this.RECORDING_PHASE ? recorded : { kind: "boolean", value, ...this.placeFrom(token) };
  }

  readonly parenthesized = this.RULE("parenthesized", (): Expression => {
    const from = this.CONSUME(t.LParen);
    const inner = this.SUBRULE(this.expression);
    this.CONSUME(t.RParen);
    return this.RECORDING_PHASE ? recorded : { kind: "parenthesized", inner, ...this.placeFrom(from) };
  });

  readonly list = this.RULE("list", (): Expression => {
    const from = this.CONSUME(t.LSquare);
    const content = this.OPTION(() => this.OR(this.#listed)) ?? [];
    this.CONSUME(t.RSquare);
    if (this.RECORDING_PHASE) return recorded;
    return "range" in content
      ? { kind: "comprehension", ...content, ...this.placeFrom(from) }
      : { kind: "list", items: content, ...this.placeFrom(from) };
  });

  readonly #listed: OrMethodOpts<Loop | readonly Expression[]> = {
    DEF: [{ ALT: () => this.SUBRULE(this.comprehension) }, { ALT: () => this.SUBRULE(this.expressions) }],
  };

  readonly comprehension = this.RULE("comprehension", (): Loop => {
    this.CONSUME(t.For);
    const variable = this.name();
    this.CONSUME(t.In);
    const range = this.SUBRULE(this.expression);
    this.CONSUME(t.Colon);
    return { variable, range, body: this.SUBRULE2(this.expression) };
  });

  readonly object = this.RULE("object", (): Expression => {
    const from = this.CONSUME(t.LCurly);
    const entries: ObjectEntry[] = [];
    this.MANY(() => void entries.push(this.SUBRULE(this.entry)));
    this.CONSUME(t.RCurly);
    return this.RECORDING_PHASE ? recorded : { kind: "object", entries, ...this.placeFrom(from) };
  });

  readonly entry = this.RULE("entry", (): ObjectEntry => {
    const key = this.OR(this.#key);
    this.CONSUME(t.Colon);
    const value = this.SUBRULE(this.expression);
    this.OPTION(() => this.CONSUME(t.Comma));
    if (this.RECORDING_PHASE) return recorded;
    const span = cover(key.span, value.span);
    return { kind: "entry", key, value, span, first: key.first, last: value.last };
  });

  readonly #key: OrMethodOpts<Identifier> = {
    DEF: [{ ALT: () => this.name() }, { ALT: () => this.#quotedKey(this.CONSUME(t.StringLiteral)) }],
    ERR_MSG: "a name",
  };

  #quotedKey(token: IToken): Identifier {
    if (this.RECORDING_PHASE) return recorded;
    const { value: name } = stringLiteral(this.b, token);
    return { kind: "identifier", name, ...this.placeFrom(token) };
  }

  readonly repeat = this.RULE("repeat", (): Expression => {
    const from = this.CONSUME(t.Repeat);
    const count = this.SUBRULE(this.count);
    this.CONSUME(t.LCurly);
    const body = this.SUBRULE(this.expression);
    this.CONSUME(t.RCurly);
    return this.RECORDING_PHASE ? recorded : { kind: "repeat", count, body, ...this.placeFrom(from) };
  });
}
