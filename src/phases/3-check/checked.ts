import type { Places } from "../../document/places.js";
import type {
  DataDocument,
  InputDocument,
  LimitDocument,
  MetaDocument,
  NodeDocument,
  TaskDocument,
  TrainDocument,
} from "../../document/types.js";
import type { ModelWeights } from "../../model/weights.js";
import type { Span } from "../../source/index.js";
import type { Definition } from "../2-resolve/model.js";
import type { DeclaredNames } from "./rules/rule.js";
import type { ModelValue } from "./values.js";

/** A declaration that should matter to some loss. */
export interface Declaration {
  readonly what: "input" | "binding" | "shared name" | "weight" | "block";
  readonly name: string;
  readonly span: Span;
  readonly value: ModelValue;
  /** Whether anything applies it, where that is known by other means than its value. */
  readonly used?: boolean | undefined;
}

/** The expanded model, with shapes; what could not be read is left out. */
export interface CheckedSpec {
  readonly name: string;
  readonly doc: string | undefined;
  readonly inputs: readonly InputDocument[];
  readonly nodes: readonly NodeDocument[];
  readonly weights: ModelWeights;
  readonly tasks: readonly TaskDocument[];
  readonly train: readonly TrainDocument[];
  readonly meta: MetaDocument | undefined;
  readonly data: DataDocument | undefined;
  readonly budget: readonly LimitDocument[];
  readonly places: Places;
  readonly declarations: readonly Declaration[];
  /** Mistakes of the model itself have left holes in the graph. */
  readonly holes: boolean;
  /** Some values of each definition: a block's names have others at every use. */
  readonly values: ReadonlyMap<Definition, readonly ModelValue[]>;
  /** How much was made on the way, in items of the budget. */
  readonly work: number;
  readonly declared: DeclaredNames;
  /** Something of the data section could not be read. */
  readonly dataUnread: boolean;
  readonly trainUnread: ReadonlySet<number>;
}
