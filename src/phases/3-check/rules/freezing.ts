import { diagnostic, type Diagnostic } from "../../../diagnostics/index.js";
import { placeOf, type Places } from "../../../document/places.js";
import type { TrainDocument } from "../../../document/types.js";
import { PatternIndex } from "../../../model/patterns.js";
import { list } from "./path-patterns.js";
import type { Rule, Subject } from "./rule.js";

/** Freezing at epochs ends after it begins, and is not of weights that never move. */
export const freezing: Rule = (model, places) =>
  model.document.train.flatMap((train, i) => freezingOf(model, train, `/train/${i}`, places));

function freezingOf(model: Subject, train: TrainDocument, pointer: string, places: Places): Diagnostic[] {
  if (train.freezing.length === 0) return [];
  const settings = model.settings(train);
  const frozen = model.weights.map(({ path }) => path).filter((path) => settings.isFrozen(path));
  const matched = new PatternIndex(train.freezing.map(({ pattern }) => pattern)).matched(frozen);
  return train.freezing.flatMap(({ pattern, from, until }, f) => {
    const span = placeOf(places, `${pointer}/freezing/${f}`);
    const always = matched.get(pattern) ?? [];
    const related = [{ span: placeOf(places, `${pointer}/freeze`), message: "always frozen here" }];
    return [
      ...(until !== null && from > until
        ? [diagnostic("NN5017", span, { pattern, from: String(from), until: String(until) })]
        : []),
      ...(always.length > 0
        ? [diagnostic("NN5018", span, { pattern, paths: list(always) }, { related })]
        : []),
    ];
  });
}
