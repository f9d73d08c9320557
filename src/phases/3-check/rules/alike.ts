import type { TrainDocument } from "../../../document/types.js";
import { patternsKey } from "../../../model/trained.js";

/** Works out once what follows from a train section's patterns, for all sections with the same ones. */
export function forAlike<T>(make: (train: TrainDocument) => T): (train: TrainDocument) => T {
  const known = new Map<string, T>();
  return (train) => {
    const key = patternsKey(train);
    const found = known.get(key) ?? make(train);
    known.set(key, found);
    return found;
  };
}
