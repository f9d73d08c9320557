import type { CstNode, ParserMethod } from "chevrotain";
import { RecoveringParser } from "./recovery.js";
import * as t from "./tokens.js";

/** Types and expressions. Operators are read flat: their precedence is settled where the AST is made. */
export abstract class ExpressionParser extends RecoveringParser {
  readonly type = this.RULE("type", () => {
    this.CONSUME(t.Name);
    this.OPTION(() => {
      this.CONSUME(t.LParen);
      this.SUBRULE(this.expressions);
      this.CONSUME(t.RParen);
    });
    this.OPTION2(() => {
      this.CONSUME(t.LSquare);
      this.SUBRULE2(this.expressions);
      this.CONSUME(t.RSquare);
    });
    this.OPTION3(() => this.CONSUME(t.Question));
  });

  readonly expressions: ParserMethod<[], CstNode> = this.RULE("expressions", () => {
    this.SUBRULE(this.expression);
    this.MANY({
      GATE: () => this.#anotherFollows(),
      DEF: () => {
        this.CONSUME(t.Comma);
        this.SUBRULE2(this.expression);
      },
    });
    this.OPTION(() => this.CONSUME2(t.Comma));
  });

  /** Flat: a chain of any length takes no stack. */
  readonly expression: ParserMethod<[], CstNode> = this.RULE("expression", () => {
    this.SUBRULE(this.operand);
    this.MANY(() => {
      this.CONSUME(t.Operator);
      this.SUBRULE2(this.operand);
    });
  });

  readonly operand: ParserMethod<[], CstNode> = this.RULE("operand", () => {
    this.MANY(() => this.CONSUME(t.Minus));
    this.OR({
      DEF: [
        { GATE: () => !this.cutsIn(), ALT: () => this.SUBRULE(this.call) },
        { ALT: () => this.#number() },
        { ALT: () => this.CONSUME(t.StringLiteral) },
        { ALT: () => this.CONSUME(t.True) },
        { ALT: () => this.CONSUME(t.False) },
        { ALT: () => this.CONSUME(t.ColumnReference) },
        { ALT: () => this.SUBRULE(this.parenthesized) },
        { ALT: () => this.SUBRULE(this.list) },
        { ALT: () => this.SUBRULE(this.object) },
        { ALT: () => this.SUBRULE(this.repeat) },
      ],
      ERR_MSG: "an expression",
    });
    this.MANY2(() => this.SUBRULE(this.postfix));
  });

  readonly postfix = this.RULE("postfix", () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.LSquare);
          this.SUBRULE(this.expressions);
          this.CONSUME(t.RSquare);
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.As);
          this.CONSUME(t.Name);
        },
      },
    ]);
  });

  /** No rule of its own: long lists are mostly numbers, and a rule costs a node for each. */
  #number(): void {
    this.CONSUME(t.NumberLiteral);
    this.OPTION({
      // A setting or binding that is called `KB` may follow a number.
      GATE: () => this.LA(2).tokenType !== t.Colon && this.LA(2).tokenType !== t.Equals,
      DEF: () => this.CONSUME(t.Unit),
    });
  }

  /** A path, and a call of it if arguments follow. */
  readonly call = this.RULE("call", () => {
    this.SUBRULE(this.path);
    this.OPTION(() => {
      this.CONSUME(t.LParen);
      this.OPTION2(() => {
        this.SUBRULE(this.argument);
        this.MANY({
          GATE: () => this.#anotherFollows(),
          DEF: () => {
            this.CONSUME(t.Comma);
            this.SUBRULE2(this.argument);
          },
        });
        this.OPTION3(() => this.CONSUME2(t.Comma));
      });
      this.CONSUME(t.RParen);
    });
  });

  readonly argument: ParserMethod<[], CstNode> = this.RULE("argument", () => {
    this.OPTION({
      GATE: () => this.LA(2).tokenType === t.Colon,
      DEF: () => {
        this.CONSUME(t.Name);
        this.CONSUME(t.Colon);
      },
    });
    this.SUBRULE(this.expression);
  });

  /** Its segments are no rule of their own: names are most of a spec, and a rule costs a node for each. */
  readonly path = this.RULE("path", () => {
    this.OR({
      DEF: [{ ALT: () => this.CONSUME(t.Name) }, { ALT: () => this.CONSUME(t.Star) }],
      ERR_MSG: "a name",
    });
    this.MANY(() => {
      this.CONSUME(t.Dot);
      this.OR2({
        DEF: [{ ALT: () => this.CONSUME2(t.Name) }, { ALT: () => this.CONSUME2(t.Star) }],
        ERR_MSG: "a name",
      });
    });
  });

  readonly parenthesized: ParserMethod<[], CstNode> = this.RULE("parenthesized", () => {
    this.CONSUME(t.LParen);
    this.SUBRULE(this.expression);
    this.CONSUME(t.RParen);
  });

  readonly list: ParserMethod<[], CstNode> = this.RULE("list", () => {
    this.CONSUME(t.LSquare);
    this.OPTION(() => {
      this.OR([
        { ALT: () => this.SUBRULE(this.comprehension) },
        { ALT: () => this.SUBRULE(this.expressions) },
      ]);
    });
    this.CONSUME(t.RSquare);
  });

  readonly comprehension = this.RULE("comprehension", () => {
    this.CONSUME(t.For);
    this.CONSUME(t.Name);
    this.CONSUME(t.In);
    this.SUBRULE(this.expression);
    this.CONSUME(t.Colon);
    this.SUBRULE2(this.expression);
  });

  readonly object: ParserMethod<[], CstNode> = this.RULE("object", () => {
    this.CONSUME(t.LCurly);
    this.MANY(() => this.SUBRULE(this.entry));
    this.CONSUME(t.RCurly);
  });

  readonly entry = this.RULE("entry", () => {
    this.OR({
      DEF: [{ ALT: () => this.CONSUME(t.Name) }, { ALT: () => this.CONSUME(t.StringLiteral) }],
      ERR_MSG: "a name",
    });
    this.CONSUME(t.Colon);
    this.SUBRULE(this.expression);
    this.OPTION(() => this.CONSUME(t.Comma));
  });

  readonly repeat: ParserMethod<[], CstNode> = this.RULE("repeat", () => {
    this.CONSUME(t.Repeat);
    this.SUBRULE(this.count);
    this.CONSUME(t.LCurly);
    this.SUBRULE(this.expression);
    this.CONSUME(t.RCurly);
  });

  /** An expression that neither opens with a brace nor repeats, so that `repeat repeat …` takes no stack. */
  readonly count = this.RULE("count", () => {
    this.SUBRULE(this.countOperand);
    this.MANY(() => {
      this.CONSUME(t.Operator);
      this.SUBRULE2(this.countOperand);
    });
  });

  readonly countOperand = this.RULE("countOperand", () => {
    this.MANY(() => this.CONSUME(t.Minus));
    this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.call) },
        { ALT: () => this.#number() },
        { ALT: () => this.SUBRULE(this.parenthesized) },
      ],
      ERR_MSG: "a number of times",
    });
    this.MANY2(() => this.SUBRULE(this.postfix));
  });

  /** A comma that is not the trailing one. */
  #anotherFollows(): boolean {
    const next = this.LA(2).tokenType;
    return next !== t.RParen && next !== t.RSquare;
  }
}
