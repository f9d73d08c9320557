import { diagnostic, type Diagnostic } from "../../../diagnostics/index.js";
import { placeOf, type Places } from "../../../document/places.js";
import { isFrozen } from "../../../document/trained.js";
import type { TrainDocument } from "../../../document/types.js";
import { collectWeights, matchesPattern } from "../../../document/weights.js";
import { entry as libraryEntry } from "../../../library/index.js";
import type { Span } from "../../../source/index.js";
import type { Rule } from "./rule.js";

/** Every trained weight has one optimizer; every pattern matches something. */
export const optimizers: Rule = (subject, places) => {
  const paths = collectWeights(subject).weights.map((w) => w.path);
  return subject.train.flatMap((train, i) => [
    // Where layers could not be read, their weights are not there to be matched.
    ...(subject.incomplete ? [] : patterns(train, paths, `/train/${i}`, places)),
    ...(subject.incomplete ? [] : unclaimed(train, paths, `/train/${i}`, places)),
    ...claims(train, paths, `/train/${i}`, places),
    ...batches(train, `/train/${i}`, places),
  ]);
};

function patterns(
  train: TrainDocument,
  paths: readonly string[],
  pointer: string,
  places: Places,
): Diagnostic[] {
  const unmatched = (pattern: string, where: string, at: string) =>
    unmatchedPattern(paths, pattern, where, placeOf(places, at));
  return [
    ...train.optimizers.flatMap(({ pattern }, o) =>
      pattern === null ? [] : unmatched(pattern, "optimizer", `${pointer}/optimizers/${o}`),
    ),
    ...train.freeze.flatMap((pattern) => unmatched(pattern, "freeze", `${pointer}/freeze`)),
    ...train.freezing.flatMap(({ pattern }, f) =>
      unmatched(pattern, "freeze", `${pointer}/freezing/${f}/pattern`),
    ),
  ];
}

/** What to say of a pattern that matches no weight. */
export function unmatchedPattern(
  paths: readonly string[],
  pattern: string,
  where: string,
  span: Span,
): Diagnostic[] {
  if (paths.some((path) => matchesPattern(pattern, path))) return [];
  return [diagnostic("NN5002", span, { pattern, where }, { hint: `There is ${groups(paths)}.` })];
}

/** `trunk.*`, `species.*`: the first levels of the paths, for hints. */
function groups(paths: readonly string[]): string {
  const tops = [...new Set(paths.map((path) => path.split(".")[0]!))];
  const shown = tops.slice(0, 8).map((top) => `\`${top}.*\``);
  return tops.length > 8 ? `${shown.join(", ")}, …` : shown.join(", ");
}

function claims(
  train: TrainDocument,
  paths: readonly string[],
  pointer: string,
  places: Places,
): Diagnostic[] {
  const found: Diagnostic[] = [];
  const byPattern = train.optimizers.flatMap(({ pattern }, o) => (pattern === null ? [] : [{ pattern, o }]));
  const reported = new Set<string>();
  for (const path of paths) {
    const claiming = byPattern.filter(({ pattern }) => matchesPattern(pattern, path));
    const [first, second] = claiming;
    if (!first || !second) continue;
    const pair = `${first.o} ${second.o}`;
    if (reported.has(pair)) continue;
    reported.add(pair);
    found.push(
      diagnostic(
        "NN5001",
        placeOf(places, `${pointer}/optimizers/${second.o}`),
        { path, first: first.pattern, second: second.pattern },
        {
          related: [
            { span: placeOf(places, `${pointer}/optimizers/${first.o}`), message: "the first claim" },
          ],
        },
      ),
    );
  }
  for (const { pattern, o } of byPattern) {
    const frozen = paths.filter((path) => matchesPattern(pattern, path) && isFrozen(train, path));
    if (frozen.length === 0) continue;
    found.push(
      diagnostic(
        "NN5003",
        placeOf(places, `${pointer}/optimizers/${o}`),
        { pattern, paths: list(frozen) },
        {
          related: [{ span: placeOf(places, `${pointer}/freeze`), message: "frozen here" }],
        },
      ),
    );
  }
  return found;
}

function unclaimed(
  train: TrainDocument,
  paths: readonly string[],
  pointer: string,
  places: Places,
): Diagnostic[] {
  if (train.optimizers.some(({ pattern }) => pattern === null)) return [];
  const patternsOf = [...train.freeze, ...train.optimizers.map(({ pattern }) => pattern!)];
  const left = paths.filter((path) => !patternsOf.some((pattern) => matchesPattern(pattern, path)));
  return left.length === 0 ? [] : [diagnostic("NN5009", placeOf(places, pointer), { paths: list(left) })];
}

/** The first of them, for messages. */
export function list(paths: readonly string[]): string {
  const shown = paths
    .slice(0, 4)
    .map((path) => `\`${path}\``)
    .join(", ");
  return paths.length > 4 ? `${shown} and ${paths.length - 4} more` : shown;
}

function batches(train: TrainDocument, pointer: string, places: Places): Diagnostic[] {
  const full = train.optimizers.map(
    ({ optimizer }) => libraryEntry("optimizer", optimizer.name).fullBatch === true,
  );
  const mixed = full.indexOf(true) >= 0 && full.indexOf(false) >= 0;
  if (!mixed) return [];
  const reason = "`gd` stands beside an optimizer of mini-batches";
  return [diagnostic("NN5012", placeOf(places, `${pointer}/optimizers/${full.indexOf(true)}`), { reason })];
}
