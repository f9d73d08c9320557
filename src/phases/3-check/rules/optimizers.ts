import { diagnostic, type Diagnostic } from "../../../diagnostics/index.js";
import { placeOf, type Places } from "../../../document/places.js";
import type { TrainDocument } from "../../../document/types.js";
import { entry as libraryEntry } from "../../../library/index.js";
import { PatternIndex } from "../../../model/patterns.js";
import { forAlike } from "./alike.js";
import { list, PathPatterns } from "./path-patterns.js";
import type { Rule, Subject } from "./rule.js";

/** Every trained weight has one optimizer; every pattern matches something. */
export const optimizers: Rule = (model, places) => {
  const claimed = forAlike((train) => claimedBy(model, train));
  return model.document.train.flatMap((train, i) => {
    const section = { claimed: claimed(train), train, pointer: `/train/${i}`, places };
    return [
      ...unmatched(section),
      // What could not be read may well be the optimizer that is missing.
      ...(model.document.trainUnread?.has(i) === true ? [] : unclaimed(section)),
      ...untrained(section),
      ...claimedTwice(section),
      ...claimedAndFrozen(section),
      ...batches(section),
    ];
  });
};

interface Section {
  readonly claimed: Claimed;
  readonly train: TrainDocument;
  readonly pointer: string;
  readonly places: Places;
}

/** What the patterns of a section come to among the weights. */
interface Claimed {
  /** Nothing where layers could not be read: their weights are not there to be matched. */
  readonly patterns: PathPatterns | undefined;
  /** The paths that have no optimizer, as they are shown. */
  readonly left: string | undefined;
  /** Whether `freeze` holds all weights. */
  readonly isFrozen: boolean;
  /** Each pair of optimizers that claim one weight is told once, where no weight has an earlier pair. */
  readonly twice: readonly ClaimedTwice[];
  /** The frozen paths that a pattern of an optimizer claims, as they are shown. */
  readonly frozen: ReadonlyMap<string, string>;
}

interface ClaimedTwice {
  readonly path: string;
  readonly first: Claim;
  readonly second: Claim;
}

function claimedBy(model: Subject, train: TrainDocument): Claimed {
  const all = claims(train);
  const found = { twice: twiceIn(model, all), frozen: frozenIn(model, train, all) };
  if (model.document.incomplete) return { ...found, patterns: undefined, left: undefined, isFrozen: false };
  const patterns = uses(train, "").map(({ pattern }) => pattern);
  return {
    ...found,
    patterns: new PathPatterns(model, patterns),
    left: leftIn(model, train, all),
    isFrozen: isAllFrozen(model, train),
  };
}

/** Every pattern of a section, with its place. */
function uses(train: TrainDocument, pointer: string) {
  return [
    ...claims(train).map(({ pattern, o }) => ({
      pattern,
      where: "optimizer",
      at: `${pointer}/optimizers/${o}`,
    })),
    ...train.freeze.map((pattern) => ({ pattern, where: "freeze", at: `${pointer}/freeze` })),
    ...train.freezing.map(({ pattern }, f) => ({
      pattern,
      where: "freeze",
      at: `${pointer}/freezing/${f}/pattern`,
    })),
  ];
}

function unmatched({ claimed: { patterns }, train, pointer, places }: Section): Diagnostic[] {
  if (!patterns) return [];
  return uses(train, pointer).flatMap(({ pattern, where, at }) =>
    patterns.unmatched(pattern, where, placeOf(places, at)),
  );
}

interface Claim {
  readonly pattern: string;
  readonly o: number;
}

function claims(train: TrainDocument): Claim[] {
  return train.optimizers.flatMap(({ pattern }, o) => (pattern === null ? [] : [{ pattern, o }]));
}

function twiceIn(model: Subject, all: readonly Claim[]): ClaimedTwice[] {
  if (all.length < 2) return [];
  const byPattern = new Map<string, Claim[]>();
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
    return [{ path, first, second }];
  });
}

/** The first two claims by these patterns, in the order of the section. */
function firstTwo(matching: ReadonlySet<string>, byPattern: ReadonlyMap<string, readonly Claim[]>): Claim[] {
  const claiming = [...matching].flatMap((pattern) => byPattern.get(pattern)?.slice(0, 2) ?? []);
  return claiming.sort((a, b) => a.o - b.o).slice(0, 2);
}

function claimedTwice({ claimed, pointer, places }: Section): Diagnostic[] {
  return claimed.twice.map(({ path, first, second }) => {
    const at = (claim: Claim) => placeOf(places, `${pointer}/optimizers/${claim.o}`);
    const parameters = { path, first: first.pattern, second: second.pattern };
    const related = [{ span: at(first), message: "the first claim" }];
    return diagnostic("NN5001", at(second), parameters, { related });
  });
}

function frozenIn(model: Subject, train: TrainDocument, all: readonly Claim[]): ReadonlyMap<string, string> {
  if (all.length === 0 || train.freeze.length === 0) return new Map();
  const settings = model.settings(train);
  const frozen = model.weights.map(({ path }) => path).filter((path) => settings.isFrozen(path));
  const matched = new PatternIndex(all.map(({ pattern }) => pattern)).matched(frozen);
  return new Map([...matched].map(([pattern, paths]) => [pattern, list(paths)]));
}

function claimedAndFrozen({ claimed, train, pointer, places }: Section): Diagnostic[] {
  return claims(train).flatMap(({ pattern, o }) => {
    const paths = claimed.frozen.get(pattern);
    if (paths === undefined) return [];
    const related = [{ span: placeOf(places, `${pointer}/freeze`), message: "frozen here" }];
    const span = placeOf(places, `${pointer}/optimizers/${o}`);
    return [diagnostic("NN5003", span, { pattern, paths }, { related })];
  });
}

function leftIn(model: Subject, train: TrainDocument, all: readonly Claim[]): string | undefined {
  if (train.optimizers.some(({ pattern }) => pattern === null)) return undefined;
  const index = new PatternIndex([...train.freeze, ...all.map(({ pattern }) => pattern)]);
  const left = model.weights.map(({ path }) => path).filter((path) => !index.matches(path));
  return left.length === 0 ? undefined : list(left);
}

function unclaimed({ claimed: { left }, pointer, places }: Section): Diagnostic[] {
  return left === undefined ? [] : [diagnostic("NN5009", placeOf(places, pointer), { paths: left })];
}

function isAllFrozen(model: Subject, train: TrainDocument): boolean {
  if (train.freeze.length === 0 || model.weights.length === 0) return false;
  const settings = model.settings(train);
  return model.weights.every(({ path }) => settings.isFrozen(path));
}

function untrained({ claimed: { isFrozen }, pointer, places }: Section): Diagnostic[] {
  return isFrozen ? [diagnostic("NN5036", placeOf(places, `${pointer}/freeze`), {})] : [];
}

function batches({ train, pointer, places }: Section): Diagnostic[] {
  const names = train.optimizers.map(({ optimizer }) => optimizer.name);
  const full = names.map((name) => libraryEntry("optimizer", name).fullBatch === true);
  const at = full.indexOf(true);
  if (at < 0 || !full.includes(false)) return [];
  const reason = `\`${names[at]}\` stands beside an optimizer of mini-batches`;
  return [diagnostic("NN5012", placeOf(places, `${pointer}/optimizers/${at}`), { reason })];
}
