import { diagnostic, type Diagnostic } from "../../../diagnostics/index.js";
import { placeOf, type Places } from "../../../document/places.js";
import { isFrozen } from "../../../document/trained.js";
import type { TrainDocument } from "../../../document/types.js";
import { collectWeights, matchesPattern } from "../../../document/weights.js";
import { list } from "./optimizers.js";
import type { Rule } from "./rule.js";

/** Freezing at epochs ends after it begins, and is not of weights that never move. */
export const freezing: Rule = (subject, places) => {
  const paths = collectWeights(subject).weights.map((w) => w.path);
  return subject.train.flatMap((train, i) => freezingOf(train, paths, `/train/${i}`, places));
};

function freezingOf(
  train: TrainDocument,
  paths: readonly string[],
  pointer: string,
  places: Places,
): Diagnostic[] {
  return train.freezing.flatMap(({ pattern, from, until }, f) => {
    const span = placeOf(places, `${pointer}/freezing/${f}`);
    const always = paths.filter((path) => matchesPattern(pattern, path) && isFrozen(train, path));
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
