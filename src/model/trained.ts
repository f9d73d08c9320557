import type { FreezingDocument, TrainDocument } from "../document/types.js";
import type { Component } from "../library/entry.js";
import { PatternIndex } from "./patterns.js";
import type { WeightInfo } from "./weights.js";

/** A weight that training moves. */
export interface TrainedWeight extends WeightInfo {
  readonly optimizer: Component;
  /** The tasks whose losses reach it. */
  readonly tasks: readonly string[];
  /** Epochs in which it stands still. */
  readonly frozen: readonly FrozenEpochs[];
}

export type FrozenEpochs = Pick<FreezingDocument, "from" | "until">;

/** What a train section says of a weight's path. */
export class TrainSettings {
  readonly #freeze: PatternIndex;
  readonly #freezing: PatternIndex;
  readonly #claims: PatternIndex;
  readonly #optimizers = new Map<string, Component>();
  readonly #rest: Component | undefined;

  constructor(private readonly train: Pick<TrainDocument, "freeze" | "freezing" | "optimizers">) {
    this.#freeze = new PatternIndex(train.freeze);
    this.#freezing = new PatternIndex(train.freezing.map(({ pattern }) => pattern));
    for (const { pattern, optimizer } of train.optimizers)
      if (pattern !== null && !this.#optimizers.has(pattern)) this.#optimizers.set(pattern, optimizer);
    this.#claims = new PatternIndex(this.#optimizers.keys());
    this.#rest = train.optimizers.find(({ pattern }) => pattern === null)?.optimizer;
  }

  /** Whether a weight never moves. */
  isFrozen(path: string): boolean {
    return this.#freeze.matches(path);
  }

  frozenEpochs(path: string): FrozenEpochs[] {
    const matching = this.#freezing.matching(path);
    if (matching.size === 0) return [];
    return this.train.freezing
      .filter(({ pattern }) => matching.has(pattern))
      .map(({ from, until }) => ({ from, until }));
  }

  /** The optimizer of the first pattern that claims a weight, else the one without a pattern. */
  optimizerOf(path: string): Component | undefined {
    const claiming = this.#claims.matching(path);
    if (claiming.size === 0) return this.#rest;
    for (const [pattern, optimizer] of this.#optimizers) if (claiming.has(pattern)) return optimizer;
    return this.#rest;
  }
}

/** The patterns of a section as a text, which is the same where they single out the same weights. */
export function patternsKey({ freeze, freezing, optimizers }: TrainDocument): string {
  const patternOf = ({ pattern }: { readonly pattern: string | null }) => pattern;
  return JSON.stringify([freeze, freezing.map(patternOf), optimizers.map(patternOf)]);
}

/** `frozen in epochs 3 to 5 and from epoch 8 on`; nothing where there are none. */
export function showFrozenEpochs(epochs: readonly FrozenEpochs[]): string {
  const spans = epochs.map(({ from, until }) =>
    until === null
      ? `from epoch ${from} on`
      : from === until
        ? `in epoch ${from}`
        : `in epochs ${from} to ${until}`,
  );
  return spans.length === 0 ? "" : `frozen ${spans.join(" and ")}`;
}

/** The patterns of a balancer's `on`, where it is given. */
export function balancedPatterns({ options }: Component): readonly string[] | undefined {
  const on = options["on"] ?? undefined;
  if (on === undefined) return undefined;
  return (Array.isArray(on) ? on : [on]).map(String);
}

/** The weights whose gradients a balancer looks at: those that `on` names, else those that two tasks or more reach. */
export function balancedWeights<W extends TrainedWeight>(trained: readonly W[], balance: Component): W[] {
  const patterns = balancedPatterns(balance);
  if (!patterns) return trained.filter(({ tasks }) => tasks.length > 1);
  const named = new PatternIndex(patterns);
  return trained.filter(({ path }) => named.matches(path));
}
