import { diagnostic, type Diagnostic } from "../../../diagnostics/index.js";
import { placeOf, type Places } from "../../../document/places.js";
import type { TrainDocument } from "../../../document/types.js";
import { entry as libraryEntry } from "../../../library/index.js";
import { PatternIndex } from "../../../model/patterns.js";
import { list, PathPatterns } from "./path-patterns.js";
import type { Rule, Subject } from "./rule.js";

/** Every trained weight has one optimizer; every pattern matches something. */
export const optimizers: Rule = (model, places) =>
  model.document.train.flatMap((train, i) => {
    const section = { model, train, pointer: `/train/${i}`, places };
    return [
      // Where layers could not be read, their weights are not there to be matched.
      ...(model.document.incomplete
        ? []
        : [...unmatched(section), ...unclaimed(section), ...untrained(section)]),
      ...claimedTwice(section),
      ...claimedAndFrozen(section),
      ...batches(section),
    ];
  });

interface Section {
  readonly model: Subject;
  readonly train: TrainDocument;
  readonly pointer: string;
  readonly places: Places;
}

function unmatched({ model, train, pointer, places }: Section): Diagnostic[] {
  const uses = [
    ...train.optimizers.flatMap(({ pattern }, o) =>
      pattern === null ? [] : [{ pattern, where: "optimizer", at: `${pointer}/optimizers/${o}` }],
    ),
    ...train.freeze.map((pattern) => ({ pattern, where: "freeze", at: `${pointer}/freeze` })),
    ...train.freezing.map(({ pattern }, f) => ({
      pattern,
      where: "freeze",
      at: `${pointer}/freezing/${f}/pattern`,
    })),
  ];
  if (uses.length === 0) return [];
  const patterns = new PathPatterns(
    model,
    uses.map(({ pattern }) => pattern),
  );
  return uses.flatMap(({ pattern, where, at }) => patterns.unmatched(pattern, where, placeOf(places, at)));
}

interface Claim {
  readonly pattern: string;
  readonly o: number;
}

function claims(train: TrainDocument): Claim[] {
  return train.optimizers.flatMap(({ pattern }, o) => (pattern === null ? [] : [{ pattern, o }]));
}

/** Each pair of optimizers that claim one weight is told once, where no weight has an earlier pair. */
function claimedTwice({ model, train, pointer, places }: Section): Diagnostic[] {
  const byPattern = new Map<string, Claim[]>();
  const all = claims(train);
  if (all.length === 0) return [];
  for (const claim of all) {
    const alike = byPattern.get(claim.pattern) ?? [];
    alike.push(claim);
    byPattern.set(claim.pattern, alike);
  }
  const index = new PatternIndex(byPattern.keys());
  const reported = new Set<string>();
  return model.weights.flatMap(({ path }) => {
    const [first, second] = firstTwo(index.matching(path), byPattern);
    const pair = `${first?.o} ${second?.o}`;
    if (!first || !second || reported.has(pair)) return [];
    reported.add(pair);
    const at = (claim: Claim) => placeOf(places, `${pointer}/optimizers/${claim.o}`);
    const parameters = { path, first: first.pattern, second: second.pattern };
    const related = [{ span: at(first), message: "the first claim" }];
    return [diagnostic("NN5001", at(second), parameters, { related })];
  });
}

/** The first two claims by these patterns, in the order of the section. */
function firstTwo(matching: ReadonlySet<string>, byPattern: ReadonlyMap<string, readonly Claim[]>): Claim[] {
  const claiming = [...matching].flatMap((pattern) => byPattern.get(pattern)?.slice(0, 2) ?? []);
  return claiming.sort((a, b) => a.o - b.o).slice(0, 2);
}

function claimedAndFrozen({ model, train, pointer, places }: Section): Diagnostic[] {
  const all = claims(train);
  if (all.length === 0) return [];
  const settings = model.settings(train);
  const frozen = model.weights.map(({ path }) => path).filter((path) => settings.isFrozen(path));
  const matched = new PatternIndex(all.map(({ pattern }) => pattern)).matched(frozen);
  return all.flatMap(({ pattern, o }) => {
    const paths = matched.get(pattern);
    if (!paths) return [];
    const related = [{ span: placeOf(places, `${pointer}/freeze`), message: "frozen here" }];
    const span = placeOf(places, `${pointer}/optimizers/${o}`);
    return [diagnostic("NN5003", span, { pattern, paths: list(paths) }, { related })];
  });
}

function unclaimed({ model, train, pointer, places }: Section): Diagnostic[] {
  if (train.optimizers.some(({ pattern }) => pattern === null)) return [];
  const index = new PatternIndex([...train.freeze, ...claims(train).map(({ pattern }) => pattern)]);
  const left = model.weights.map(({ path }) => path).filter((path) => !index.matches(path));
  return left.length === 0 ? [] : [diagnostic("NN5009", placeOf(places, pointer), { paths: list(left) })];
}

function untrained({ model, train, pointer, places }: Section): Diagnostic[] {
  if (train.freeze.length === 0 || model.weights.length === 0) return [];
  const settings = model.settings(train);
  return model.weights.every(({ path }) => settings.isFrozen(path))
    ? [diagnostic("NN5036", placeOf(places, `${pointer}/freeze`), {})]
    : [];
}

function batches({ train, pointer, places }: Section): Diagnostic[] {
  const names = train.optimizers.map(({ optimizer }) => optimizer.name);
  const full = names.map((name) => libraryEntry("optimizer", name).fullBatch === true);
  const at = full.indexOf(true);
  if (at < 0 || !full.includes(false)) return [];
  const reason = `\`${names[at]}\` stands beside an optimizer of mini-batches`;
  return [diagnostic("NN5012", placeOf(places, `${pointer}/optimizers/${at}`), { reason })];
}
