import type { Span } from "../source/index.js";
import type {
  CallArgument,
  Expression,
  Identifier,
  ObjectEntry,
  PathExpression,
  Placed,
  StringLiteral,
  TypeExpression,
} from "./expression-nodes.js";
import type { TokenList } from "./tokens.js";

export type * from "./expression-nodes.js";

/** What every declaration may carry: the text of the `///` lines right before it. */
interface Documented extends Placed {
  readonly doc?: string;
}

/** `name = value`. */
export interface Binding extends Documented {
  readonly kind: "binding";
  readonly name: Identifier;
  readonly value: Expression;
}

/** `key: value`, or `key pattern: value` (`optimizer trunk.*: sgd(lr: 0.1)`). */
export interface Setting extends Documented {
  readonly kind: "setting";
  readonly key: Identifier;
  readonly pattern?: PathExpression;
  readonly value: Expression;
}

/** `label: category(3)?`, the one setting whose value is a type. */
export interface LabelSetting extends Documented {
  readonly kind: "label";
  readonly key: Identifier;
  readonly type: TypeExpression;
}

/** An item that could not be read: a diagnostic has been given. */
export interface BrokenItem extends Placed {
  readonly kind: "broken";
  /** What the item would have declared, where that much could be read. */
  readonly name?: Identifier;
  /** The pieces of it that could be read, in the order of the text. */
  readonly pieces: readonly Node[];
}

/** What holds items of its own, some of which may be broken. */
interface Body {
  readonly broken: readonly BrokenItem[];
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

export interface TaskDeclaration extends Documented, Body {
  readonly kind: "task";
  readonly name: Identifier;
  readonly items: readonly (Binding | Setting | LabelSetting | SharedDeclaration | WeightDeclaration)[];
}

export interface ImportName extends Placed {
  readonly kind: "import-name";
  readonly name: Identifier;
  readonly alias?: Identifier;
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
  readonly kind: "parameter";
  readonly name: Identifier;
  readonly type: TypeExpression;
  readonly defaultValue?: Expression;
}

export interface BlockSection extends Documented, Body {
  readonly kind: "block";
  readonly name: Identifier;
  readonly parameters: readonly BlockParameter[];
  readonly items: readonly (Binding | SharedDeclaration | WeightDeclaration | ReturnStatement)[];
}

export interface ModelSection extends Documented, Body {
  readonly kind: "model";
  readonly name: Identifier;
  readonly items: readonly (
    InputDeclaration | SharedDeclaration | WeightDeclaration | Binding | TaskDeclaration
  )[];
}

export interface TrainSection extends Documented, Body {
  readonly kind: "train";
  readonly name?: Identifier;
  readonly keyword: Span;
  readonly settings: readonly Setting[];
}

export interface MetaSection extends Documented, Body {
  readonly kind: "meta";
  readonly keyword: Span;
  readonly settings: readonly Setting[];
}

export interface DataSection extends Documented, Body {
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

export interface BudgetSection extends Documented, Body {
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
export interface Tree extends Placed, Body {
  readonly kind: "file";
  readonly sections: readonly Section[];
  readonly tokens: TokenList;
}

export type Node =
  | Tree
  | Section
  | ImportName
  | BlockParameter
  | InputDeclaration
  | SharedDeclaration
  | WeightDeclaration
  | ReturnStatement
  | TaskDeclaration
  | Binding
  | Setting
  | LabelSetting
  | BudgetLimit
  | BrokenItem
  | TypeExpression
  | Identifier
  | CallArgument
  | ObjectEntry
  | Expression;
