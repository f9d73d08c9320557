import type { Component } from "../library/entry.js";
import type { FreezingDocument, ModelDocument, TrainDocument } from "./types.js";
import { collectWeights, matchesPattern, tasksByWeight, type WeightInfo } from "./weights.js";

/** A weight that training moves. */
export interface TrainedWeight extends WeightInfo {
  readonly optimizer: Component;
  /** The tasks whose losses reach it. */
  readonly tasks: readonly string[];
  /** Epochs in which it stands still. */
  readonly frozen: readonly FrozenEpochs[];
}

export type FrozenEpochs = Pick<FreezingDocument, "from" | "until">;

type Model = Pick<ModelDocument, "inputs" | "nodes" | "tasks">;

/** What a train section moves, and by what. */
export function trainedWeights(model: Model, train: TrainDocument): TrainedWeight[] {
  const reached = tasksByWeight(model);
  return collectWeights(model).weights.flatMap((weight): TrainedWeight[] => {
    const tasks = reached.get(weight.path) ?? [];
    const optimizer = optimizerOf(train, weight.path);
    if (tasks.length === 0 || isFrozen(train, weight.path) || !optimizer) return [];
    return [{ ...weight, optimizer, tasks, frozen: frozenEpochs(train, weight.path) }];
  });
}

/** Whether a weight never moves. */
export function isFrozen(train: Pick<TrainDocument, "freeze">, path: string): boolean {
  return train.freeze.some((pattern) => matchesPattern(pattern, path));
}

export function frozenEpochs({ freezing }: Pick<TrainDocument, "freezing">, path: string): FrozenEpochs[] {
  return freezing
    .filter(({ pattern }) => matchesPattern(pattern, path))
    .map(({ from, until }) => ({ from, until }));
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

function optimizerOf(train: TrainDocument, path: string): Component | undefined {
  const claimed = train.optimizers.find(({ pattern }) => pattern !== null && matchesPattern(pattern, path));
  return (claimed ?? train.optimizers.find(({ pattern }) => pattern === null))?.optimizer;
}

/** The patterns of a balancer's `on`, where it is given. */
export function balancedPatterns({ options }: Component): readonly string[] | undefined {
  const on = options["on"] ?? undefined;
  return typeof on === "string" ? [on] : (on as readonly string[] | undefined);
}

/** The weights whose gradients a balancer looks at: those that `on` names, else those that two tasks or more reach. */
export function balancedWeights<W extends TrainedWeight>(trained: readonly W[], balance: Component): W[] {
  const patterns = balancedPatterns(balance);
  return trained.filter(({ path, tasks }) =>
    patterns ? patterns.some((pattern) => matchesPattern(pattern, path)) : tasks.length > 1,
  );
}
