import type { Entry, Parameter } from "../../library/entry.js";
import type { Source, Span } from "../../source/index.js";
import type {
  BlockSection,
  BudgetSection,
  DataSection,
  Expression,
  MetaSection,
  ModelSection,
  Setting,
  TaskDeclaration,
  TrainSection,
} from "../../syntax/tree.js";

/** The value of a `const` or `dim`. */
export type Constant = number | string | boolean | readonly Constant[];

/** Constants and dimensions by name; undefined where the value has a mistake. */
export type Constants = ReadonlyMap<string, Constant | undefined>;

/** A block with the file that its other names come from. */
export interface BlockTemplate {
  readonly declaration: BlockSection;
  readonly constants: Constants;
  readonly blocks: ReadonlyMap<string, BlockTemplate>;
}

/** An option as it was given. */
export interface GivenOption {
  readonly value: Expression;
  /** The whole argument or setting, its name included. */
  readonly span: Span;
}

/** What a call (or a bare name of something callable) stands for, its arguments sorted. */
export interface Match {
  readonly target:
    | { readonly kind: "entry"; readonly entry: Entry }
    | { readonly kind: "block"; readonly block: BlockTemplate }
    /** A shared name, or a block's parameter of type layer. */
    | { readonly kind: "function"; readonly name: string };
  readonly tensors: readonly Expression[];
  readonly options: ReadonlyMap<string, GivenOption>;
}

/** Settings of a section, sorted by the parameters that the section has. */
export interface ResolvedSettings {
  readonly parameters: readonly Parameter[];
  readonly options: ReadonlyMap<string, GivenOption>;
  /** Those with a name or a pattern: `optimizer trunk.*: …`. */
  readonly patterned: readonly Setting[];
  readonly section: string;
  readonly span: Span;
}

export interface ResolvedTask {
  readonly declaration: TaskDeclaration;
  readonly settings: ResolvedSettings;
}

export interface ResolvedTrain {
  readonly name: string;
  readonly section: TrainSection;
  readonly settings: ResolvedSettings;
}

/** A spec in which every name is known to mean something, or a diagnostic has been given. */
export interface ResolvedSpec {
  readonly source: Source;
  readonly model: ModelSection | undefined;
  readonly tasks: readonly ResolvedTask[];
  readonly train: readonly ResolvedTrain[];
  readonly meta: { readonly section: MetaSection; readonly settings: ResolvedSettings } | undefined;
  readonly data: { readonly section: DataSection; readonly settings: ResolvedSettings } | undefined;
  readonly budget: BudgetSection | undefined;
  readonly constants: Constants;
  readonly blocks: ReadonlyMap<string, BlockTemplate>;
  /** Blocks that the model uses, directly or through others. */
  readonly usedBlocks: ReadonlySet<BlockSection>;
  readonly matches: ReadonlyMap<Expression, Match>;
}
