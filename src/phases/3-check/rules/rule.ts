import type { Diagnostic } from "../../../diagnostics/index.js";
import type { Places } from "../../../document/places.js";
import type { ModelDocument } from "../../../document/types.js";

/** What the rules look at; a spec with mistakes may lack some of its tasks or settings. */
export type RuleSubject = Pick<ModelDocument, "name" | "inputs" | "nodes" | "tasks" | "train" | "budget"> & {
  readonly data?: ModelDocument["data"] | undefined;
  readonly meta?: ModelDocument["meta"] | undefined;
  /** Set where mistakes have left holes: what was declared all the same. */
  readonly incomplete?: { readonly inputs: readonly string[]; readonly tasks: readonly string[] } | undefined;
};

/** A rule says what is wrong with a model, whether it came from text or from JSON. */
export type Rule = (subject: RuleSubject, places: Places) => Diagnostic[];
