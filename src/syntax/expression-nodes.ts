import type { Span } from "../source/index.js";

/** What every node of the tree has: its place, and its first and last token by their number in the file. */
export interface Placed {
  readonly span: Span;
  readonly first: number;
  /** One less than `first` where something is missing altogether. */
  readonly last: number;
}

/** A name where it stands, in a declaration or a reference. */
export interface Identifier extends Placed {
  readonly kind: "identifier";
  readonly name: string;
}

export type ByteUnit = "KB" | "MB" | "GB";

export interface NumberLiteral extends Placed {
  readonly kind: "number";
  /** With the unit applied: `400 KB` is 400,000. */
  readonly value: number;
  readonly unit?: ByteUnit;
  /** Written without a point or an exponent. */
  readonly integer: boolean;
}

export interface StringLiteral extends Placed {
  readonly kind: "string";
  readonly value: string;
}

export interface BooleanLiteral extends Placed {
  readonly kind: "boolean";
  readonly value: boolean;
}

/** `$3`: a column by position, from 1. */
export interface ColumnReference extends Placed {
  readonly kind: "column";
  readonly index: number;
}

/** `relu`, `first.output`, `trunk.*`: one or more segments; `*` only in patterns. */
export interface PathExpression extends Placed {
  readonly kind: "path";
  readonly segments: readonly Identifier[];
}

export interface CallArgument extends Placed {
  readonly kind: "argument";
  readonly name?: Identifier;
  readonly value: Expression;
}

export interface CallExpression extends Placed {
  readonly kind: "call";
  readonly callee: PathExpression;
  readonly arguments: readonly CallArgument[];
}

/** `target[i]`, `float[28, 28, 1]`. */
export interface IndexExpression extends Placed {
  readonly kind: "index";
  readonly target: Expression;
  readonly indices: readonly Expression[];
}

/** `target as name`. */
export interface AsExpression extends Placed {
  readonly kind: "as";
  readonly target: Expression;
  readonly name: Identifier;
}

export interface UnaryExpression extends Placed {
  readonly kind: "unary";
  readonly operator: "-";
  readonly operand: Expression;
}

export type BinaryOperator = "+" | "-" | "*" | "/";

export interface BinaryExpression extends Placed {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** `0..4`: both ends are in it. */
export interface RangeExpression extends Placed {
  readonly kind: "range";
  readonly from: Expression;
  readonly to: Expression;
}

/** `a |> b |> c`, flat: the first is a value or a function, the rest are stages. */
export interface PipeExpression extends Placed {
  readonly kind: "pipe";
  readonly stages: readonly Expression[];
}

export interface ParenthesizedExpression extends Placed {
  readonly kind: "parenthesized";
  readonly inner: Expression;
}

export interface ListExpression extends Placed {
  readonly kind: "list";
  readonly items: readonly Expression[];
}

/** `[for i in 1..4: body]`. */
export interface ComprehensionExpression extends Placed {
  readonly kind: "comprehension";
  readonly variable: Identifier;
  readonly range: Expression;
  readonly body: Expression;
}

export interface ObjectEntry extends Placed {
  readonly kind: "entry";
  readonly key: Identifier;
  readonly value: Expression;
}

export interface ObjectExpression extends Placed {
  readonly kind: "object";
  readonly entries: readonly ObjectEntry[];
}

/** `repeat n { chain }`. */
export interface RepeatExpression extends Placed {
  readonly kind: "repeat";
  readonly count: Expression;
  readonly body: Expression;
}

/** What could not be read; a diagnostic has been given, so nothing more is said of it. */
export interface ErrorExpression extends Placed {
  readonly kind: "error";
}

export type Expression =
  | NumberLiteral
  | StringLiteral
  | BooleanLiteral
  | ColumnReference
  | PathExpression
  | CallExpression
  | IndexExpression
  | AsExpression
  | UnaryExpression
  | BinaryExpression
  | RangeExpression
  | PipeExpression
  | ParenthesizedExpression
  | ListExpression
  | ComprehensionExpression
  | ObjectExpression
  | RepeatExpression
  | ErrorExpression;

/** `float`, `category("a", "b")[seq]?`, `tensor`, `int`. */
export interface TypeExpression extends Placed {
  readonly kind: "type";
  readonly base: Identifier;
  readonly arguments: readonly Expression[];
  readonly dimensions: readonly Expression[];
  readonly optional: boolean;
}
