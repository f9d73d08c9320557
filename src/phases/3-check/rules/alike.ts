import type { TrainDocument } from "../../../document/types.js";
import type { TrainSettings } from "../../../model/trained.js";
import type { Subject } from "./rule.js";

/** Works out once what follows from a train section's patterns, for all sections that say the same of weights. */
export function forAlike<T>(model: Subject, make: (train: TrainDocument) => T): (train: TrainDocument) => T {
  const known = new Map<TrainSettings, T>();
  return (train) => {
    const settings = model.settings(train);
    const found = known.get(settings) ?? make(train);
    known.set(settings, found);
    return found;
  };
}
