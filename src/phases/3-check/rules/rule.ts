import type { Diagnostic } from "../../../diagnostics/index.js";
import type { Places } from "../../../document/places.js";
import type { ModelDocument } from "../../../document/types.js";
import type { ModelAnalysis } from "../../../model/analysis.js";

/** What the rules look at; a spec with mistakes may lack some of its tasks or settings. */
export type RuleSubject = Pick<ModelDocument, "name" | "inputs" | "nodes" | "tasks" | "train" | "budget"> & {
  readonly data?: ModelDocument["data"] | undefined;
  readonly meta?: ModelDocument["meta"] | undefined;
  /** Set where mistakes have left holes: what was declared all the same. */
  readonly incomplete?: DeclaredNames | undefined;
  /** Something of the data section could not be read: it may map more than is here. */
  readonly dataUnread?: boolean;
  /** Train sections, by their places in the list, of which something could not be read. */
  readonly trainUnread?: ReadonlySet<number>;
};

/** The names of all inputs and tasks, also of those with mistakes. */
export interface DeclaredNames {
  readonly inputs: readonly string[];
  readonly tasks: readonly string[];
  /** Of what could not be read: each may be an input or a task. */
  readonly unread: readonly string[];
  /** There may be others: something that could not be read has no name that is known. */
  readonly others: boolean;
}

/** A model to be judged, with what analysis says of it. */
export type Subject = ModelAnalysis<RuleSubject>;

/** A rule says what is wrong with a model, whether it came from text or from JSON. */
export type Rule = (subject: Subject, places: Places) => Diagnostic[];
