import { families as runtimeFamilies, type Family } from "../runtime/families/index.js";
import type { Entry } from "./entry.js";
import { runtimeParameter } from "./runtime-parameter.js";

export interface FamilyEntry extends Entry {
  readonly kind: "family";
  readonly family: Family;
}

/** The runtime's families of tasks, as entries of the library. */
export const families: readonly FamilyEntry[] = runtimeFamilies.map((family) => ({
  kind: "family",
  name: family.name,
  doc: family.doc,
  example: family.example,
  parameters: family.parameters.map(runtimeParameter),
  family,
}));
