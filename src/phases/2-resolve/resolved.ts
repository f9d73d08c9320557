import type { Reported } from "../../diagnostics/index.js";
import type { Source } from "../../source/index.js";
import type {
  BlockSection,
  BudgetSection,
  DataSection,
  MetaSection,
  ModelSection,
  TaskDeclaration,
  TrainSection,
} from "../../syntax/tree.js";
import type { BlockTemplate, Definition, SemanticModel } from "./model.js";
import type { Unread } from "./scope.js";
import type { ResolvedSettings } from "./settings.js";

export interface ResolvedTask {
  readonly declaration: TaskDeclaration;
  readonly definition: Definition;
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
  readonly semantics: SemanticModel;
  readonly model: ModelSection | undefined;
  /** By their declarations, in the order of the text. */
  readonly tasks: ReadonlyMap<TaskDeclaration, ResolvedTask>;
  readonly train: readonly ResolvedTrain[];
  readonly meta: { readonly section: MetaSection; readonly settings: ResolvedSettings } | undefined;
  readonly data: { readonly section: DataSection; readonly settings: ResolvedSettings } | undefined;
  readonly budget: BudgetSection | undefined;
  /** Constants and dimensions of all files, each after those that it may use. */
  readonly constants: readonly Definition[];
  /** Those of the spec's own file. */
  readonly blocks: readonly BlockTemplate[];
  /** Blocks that the model uses, directly or through others. */
  readonly usedBlocks: ReadonlySet<BlockSection>;
  /** What could not be read of the spec's own file. */
  readonly unread: Unread;
  /** A message of phase 1 or 2, where there is one: why something may be missing. */
  readonly reported: Reported | undefined;
}
