import type { Span } from "../source/index.js";

/** A name where it stands, in a declaration or a reference. */
export interface Identifier {
  readonly kind: "identifier";
  readonly name: string;
  readonly span: Span;
}

export interface NumberLiteral {
  readonly kind: "number";
  /** With the unit applied: `400 KB` is 400,000. */
  readonly value: number;
  readonly unit?: "KB" | "MB" | "GB";
  /** Written without a point or an exponent. */
  readonly integer: boolean;
  readonly span: Span;
}

export interface StringLiteral {
  readonly kind: "string";
  readonly value: string;
  readonly span: Span;
}

export interface BooleanLiteral {
  readonly kind: "boolean";
  readonly value: boolean;
  readonly span: Span;
}

/** `$3`: a column by position, from 1. */
export interface ColumnReference {
  readonly kind: "column";
  readonly index: number;
  readonly span: Span;
}

/** `relu`, `first.output`, `trunk.*`: one or more segments; `*` only in patterns. */
export interface PathExpression {
  readonly kind: "path";
  readonly segments: readonly Identifier[];
  readonly span: Span;
}

export interface CallArgument {
  readonly name?: Identifier;
  readonly value: Expression;
  readonly span: Span;
}

export interface CallExpression {
  readonly kind: "call";
  readonly callee: PathExpression;
  readonly arguments: readonly CallArgument[];
  readonly span: Span;
}

/** `target[i]`, `float[28, 28, 1]`. */
export interface IndexExpression {
  readonly kind: "index";
  readonly target: Expression;
  readonly indices: readonly Expression[];
  readonly span: Span;
}

/** `target as name`. */
export interface AsExpression {
  readonly kind: "as";
  readonly target: Expression;
  readonly name: Identifier;
  readonly span: Span;
}

export interface UnaryExpression {
  readonly kind: "unary";
  readonly operator: "-";
  readonly operand: Expression;
  readonly span: Span;
}

export type BinaryOperator = "+" | "-" | "*" | "/";

export interface BinaryExpression {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
  readonly span: Span;
}

/** `0..4`: both ends are in it. */
export interface RangeExpression {
  readonly kind: "range";
  readonly from: Expression;
  readonly to: Expression;
  readonly span: Span;
}

/** `a |> b |> c`, flat: the first is a value or a function, the rest are stages. */
export interface PipeExpression {
  readonly kind: "pipe";
  readonly stages: readonly Expression[];
  readonly span: Span;
}

export interface ParenthesizedExpression {
  readonly kind: "parenthesized";
  readonly inner: Expression;
  readonly span: Span;
}

export interface ListExpression {
  readonly kind: "list";
  readonly items: readonly Expression[];
  readonly span: Span;
}

/** `[for i in 1..4: body]`. */
export interface ComprehensionExpression {
  readonly kind: "comprehension";
  readonly variable: Identifier;
  readonly range: Expression;
  readonly body: Expression;
  readonly span: Span;
}

export interface ObjectEntry {
  readonly key: Identifier;
  readonly value: Expression;
  readonly span: Span;
}

export interface ObjectExpression {
  readonly kind: "object";
  readonly entries: readonly ObjectEntry[];
  readonly span: Span;
}

/** `repeat n { chain }`. */
export interface RepeatExpression {
  readonly kind: "repeat";
  readonly count: Expression;
  readonly body: Expression;
  readonly span: Span;
}

/** What could not be read; a diagnostic has been given, so nothing more is said of it. */
export interface ErrorExpression {
  readonly kind: "error";
  readonly span: Span;
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
export interface TypeExpression {
  readonly kind: "type";
  readonly base: Identifier;
  readonly arguments: readonly Expression[];
  readonly dimensions: readonly Expression[];
  readonly optional: boolean;
  readonly span: Span;
}

/** What every declaration may carry: the text of the `///` lines right before it. */
interface Documented {
  readonly doc?: string;
  readonly span: Span;
}

/** `name = value`. */
export interface Binding extends Documented {
  readonly kind: "binding";
  readonly name: Identifier;
  readonly value: Expression;
}

/**
 * `key: value`, or `key pattern: value` (`optimizer trunk.*: sgd(lr: 0.1)`).
 * The value of `label` is a type, every other an expression.
 */
export interface Setting extends Documented {
  readonly kind: "setting";
  readonly key: Identifier;
  readonly pattern?: PathExpression;
  readonly value: Expression | TypeExpression;
}

export interface InputDeclaration extends Documented {
  readonly kind: "input";
  readonly name: Identifier;
  readonly type: TypeExpression;
}

export interface SharedDeclaration extends Documented {
  readonly kind: "shared";
  readonly name: Identifier;
  readonly value: Expression;
}

export interface WeightDeclaration extends Documented {
  readonly kind: "weight";
  readonly name: Identifier;
  readonly type: TypeExpression;
  readonly initializer?: Expression;
}

export interface ReturnStatement extends Documented {
  readonly kind: "return";
  readonly value: Expression;
}

export interface TaskDeclaration extends Documented {
  readonly kind: "task";
  readonly name: Identifier;
  readonly items: readonly (Binding | Setting | SharedDeclaration | WeightDeclaration)[];
}

export interface ImportName {
  readonly name: Identifier;
  readonly alias?: Identifier;
  readonly span: Span;
}

export interface ImportSection extends Documented {
  readonly kind: "import";
  readonly names: readonly ImportName[];
  readonly from: StringLiteral;
}

export interface ConstSection extends Documented {
  readonly kind: "const";
  readonly name: Identifier;
  readonly value: Expression;
}

export interface DimSection extends Documented {
  readonly kind: "dim";
  readonly name: Identifier;
  readonly value: Expression;
}

export interface BlockParameter extends Documented {
  readonly name: Identifier;
  readonly type: TypeExpression;
  readonly defaultValue?: Expression;
}

export interface BlockSection extends Documented {
  readonly kind: "block";
  readonly name: Identifier;
  readonly parameters: readonly BlockParameter[];
  readonly items: readonly (Binding | SharedDeclaration | WeightDeclaration | ReturnStatement)[];
}

export interface ModelSection extends Documented {
  readonly kind: "model";
  readonly name: Identifier;
  readonly items: readonly (
    InputDeclaration | SharedDeclaration | WeightDeclaration | Binding | TaskDeclaration
  )[];
}

export interface TrainSection extends Documented {
  readonly kind: "train";
  readonly name?: Identifier;
  readonly keyword: Span;
  readonly settings: readonly Setting[];
}

export interface MetaSection extends Documented {
  readonly kind: "meta";
  readonly keyword: Span;
  readonly settings: readonly Setting[];
}

export interface DataSection extends Documented {
  readonly kind: "data";
  readonly keyword: Span;
  readonly items: readonly (Setting | Binding)[];
}

export type Comparison = "<=" | "<" | ">=" | ">" | "==";

export interface BudgetLimit extends Documented {
  readonly kind: "limit";
  readonly quantity: Identifier;
  readonly comparison: Comparison;
  readonly value: Expression;
}

export interface BudgetSection extends Documented {
  readonly kind: "budget";
  readonly keyword: Span;
  readonly limits: readonly BudgetLimit[];
}

export type Section =
  | ImportSection
  | ConstSection
  | DimSection
  | BlockSection
  | ModelSection
  | TrainSection
  | MetaSection
  | DataSection
  | BudgetSection;

/** One file, in the order in which it was written. */
export interface Ast {
  readonly sections: readonly Section[];
  readonly span: Span;
}
