import type { TrainDocument } from "../../document/types.js";
import { balancedPatterns, patternsKey } from "../../model/trained.js";
import type { ResolvedSpec } from "../2-resolve/resolved.js";
import { ExpansionLimit } from "./budget.js";
import type { Expansion } from "./environment.js";

/** The train sections whose patterns there is room to hold against all weights; the first that there is none for is reported. */
export function affordable(
  { graph, budget, report }: Expansion,
  spec: Pick<ResolvedSpec, "train">,
  train: readonly TrainDocument[],
): readonly TrainDocument[] {
  const weights = graph.weights.weights.length;
  const known = new Set<string>();
  for (const [i, section] of train.entries()) {
    const kinds = patternsOf(section).filter((patterns) => patterns.length > 0).length;
    const at = spec.train[i]?.section.keyword;
    const key = JSON.stringify([patternsKey(section), balancedPatterns(section.balance)]);
    if (!at || kinds === 0 || known.has(key)) continue;
    known.add(key);
    // The work of one section is that of every check.
    if (known.size === 1) continue;
    try {
      budget.section(section.name, { weights, kinds }, at);
    } catch (error) {
      if (!(error instanceof ExpansionLimit)) throw error;
      report.give("NN2024", error.span, { reason: error.reason }, { hint: error.hint });
      return train.slice(0, i);
    }
  }
  return train;
}

/** The kinds of patterns of a section. */
function patternsOf({
  freeze,
  freezing,
  optimizers,
  balance,
}: TrainDocument): readonly (readonly unknown[])[] {
  const claims = optimizers.filter(({ pattern }) => pattern !== null);
  return [freeze, freezing, claims, balancedPatterns(balance) ?? []];
}
