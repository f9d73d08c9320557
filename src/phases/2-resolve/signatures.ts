import type { Entry } from "../../library/entry.js";
import type { Resolution } from "./scope.js";
import { entrySlots, makeSignature, type Signature } from "./slots.js";

/** What an entry of the library takes, made once for a spec. */
export function entrySignature({ signatures }: Resolution, entry: Pick<Entry, "parameters">): Signature {
  const known = signatures.get(entry.parameters);
  if (known) return known;
  const made = makeSignature(entrySlots(entry.parameters));
  signatures.set(entry.parameters, made);
  return made;
}
