import type { TrainDocument } from "../../document/types.js";
import { balancedPatterns } from "../../model/trained.js";
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
    const patterns = patternsOf(section);
    const at = spec.train[i]?.section.keyword;
    if (!at || patterns === undefined || known.has(patterns)) continue;
    known.add(patterns);
    // The work of one section is that of every check.
    if (known.size === 1) continue;
    try {
      budget.section(section.name, weights, at);
    } catch (error) {
      if (!(error instanceof ExpansionLimit)) throw error;
      report.give("NN2024", error.span, { reason: error.reason }, { hint: error.hint });
      return train.slice(0, i);
    }
  }
  return train;
}

/** What a section says of weights by patterns, as a text; nothing where it has none. */
function patternsOf({ freeze, freezing, optimizers, balance }: TrainDocument): string | undefined {
  const on = balancedPatterns(balance) ?? [];
  const claims = optimizers.filter(({ pattern }) => pattern !== null);
  if (freeze.length + freezing.length + claims.length + on.length === 0) return undefined;
  return JSON.stringify([freeze, freezing, optimizers, on]);
}
