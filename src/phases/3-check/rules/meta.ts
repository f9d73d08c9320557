import { diagnostic, type Diagnostic } from "../../../diagnostics/index.js";
import { placeOf } from "../../../document/places.js";
import { collectWeights, matchesPattern } from "../../../document/weights.js";
import type { Rule } from "./rule.js";

/** What a `meta` section asks of the model: a choice for batch norm, and patterns that match. */
export const meta: Rule = (subject, places) => {
  if (!subject.meta) return [];
  const { algorithm, settings } = subject.meta;
  const found: Diagnostic[] = [];
  if (settings["norm"] === null && subject.nodes.some((node) => node.layer === "batch_norm")) {
    found.push(diagnostic("NN5014", placeOf(places, "/meta"), {}));
  }
  if (subject.incomplete) return found;
  const paths = collectWeights(subject).weights.map((w) => w.path);
  const sources = [
    { adapt: settings["adapt"], pointer: "/meta/adapt" },
    { adapt: algorithm.options["adapt"], pointer: "/meta/algorithm" },
  ];
  for (const { adapt, pointer } of sources) {
    if (!Array.isArray(adapt)) continue;
    for (const pattern of adapt as string[]) {
      if (paths.some((path) => matchesPattern(pattern, path))) continue;
      found.push(diagnostic("NN5002", placeOf(places, pointer), { pattern, where: "adapt" }));
    }
  }
  return found;
};
