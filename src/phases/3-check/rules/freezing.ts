import { diagnostic, type Diagnostic } from "../../../diagnostics/index.js";
import { placeOf, type Places } from "../../../document/places.js";
import type { TrainDocument } from "../../../document/types.js";
import { PatternIndex } from "../../../model/patterns.js";
import { forAlike } from "./alike.js";
import { list } from "./path-patterns.js";
import type { Rule, Subject } from "./rule.js";

/** Freezing at epochs ends after it begins, and is not of weights that never move. */
export const freezing: Rule = (model, places) => {
  const frozen = forAlike((train) => frozenBy(model, train));
  return model.document.train.flatMap((train, i) => freezingOf(train, frozen, `/train/${i}`, places));
};

/** The weights that always stand still, as they are shown, by the patterns of freezing at epochs. */
function frozenBy(model: Subject, train: TrainDocument): ReadonlyMap<string, string> {
  const settings = model.settings(train);
  const frozen =
    train.freeze.length === 0
      ? []
      : model.weights.map(({ path }) => path).filter((path) => settings.isFrozen(path));
  const matched = new PatternIndex(train.freezing.map(({ pattern }) => pattern)).matched(frozen);
  return new Map([...matched].map(([pattern, paths]) => [pattern, list(paths)]));
}

function freezingOf(
  train: TrainDocument,
  frozen: (train: TrainDocument) => ReadonlyMap<string, string>,
  pointer: string,
  places: Places,
): Diagnostic[] {
  if (train.freezing.length === 0) return [];
  const matched = frozen(train);
  return train.freezing.flatMap(({ pattern, from, until }, f) => {
    const span = placeOf(places, `${pointer}/freezing/${f}`);
    const always = matched.get(pattern);
    const related = [{ span: placeOf(places, `${pointer}/freeze`), message: "always frozen here" }];
    return [
      ...(until !== null && from > until
        ? [diagnostic("NN5017", span, { pattern, from: String(from), until: String(until) })]
        : []),
      ...(always !== undefined ? [diagnostic("NN5018", span, { pattern, paths: always }, { related })] : []),
    ];
  });
}
