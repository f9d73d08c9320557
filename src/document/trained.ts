import type { Component } from "../library/entry.js";
import type { ModelDocument, TrainDocument } from "./types.js";
import { collectWeights, matchesPattern, tasksByWeight, type WeightInfo } from "./weights.js";

/** A weight that training moves. */
export interface TrainedWeight extends WeightInfo {
  readonly optimizer: Component;
  /** The tasks whose losses reach it. */
  readonly tasks: readonly string[];
}

type Model = Pick<ModelDocument, "inputs" | "nodes" | "tasks">;

/** What a train section moves, and by what. */
export function trainedWeights(model: Model, train: TrainDocument): TrainedWeight[] {
  const reached = tasksByWeight(model);
  return collectWeights(model).weights.flatMap((weight): TrainedWeight[] => {
    const tasks = reached.get(weight.path) ?? [];
    const frozen = train.freeze.some((pattern) => matchesPattern(pattern, weight.path));
    const optimizer = optimizerOf(train, weight.path);
    return tasks.length === 0 || frozen || !optimizer ? [] : [{ ...weight, optimizer, tasks }];
  });
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
