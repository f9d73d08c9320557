import type { ModelAnalysis } from "../../model/analysis.js";
import { balancedWeights, type TrainedWeight } from "../../model/trained.js";
import type { ModelDocument, TrainDocument } from "../../document/types.js";
import type { WeightInfo } from "../../model/weights.js";
import { looksAtGradients } from "../../library/balancers/looks.js";
import type { BalancerEntry, BalancerState, Options } from "../../library/entry.js";
import { entry as libraryEntry } from "../../library/index.js";
import { readOptions } from "../../library/options.js";

/** A weight that training moves, with what its optimizer keeps of it. */
export interface PlannedWeight extends TrainedWeight {
  readonly slots: readonly string[];
  /** The tasks that reach it, where a step may have labels for none of them. */
  readonly onlyWith: readonly string[] | undefined;
}

/** Whether some steps may leave a weight as it is; it then has its own count of updates. */
export function mayRest({ onlyWith, frozen }: PlannedWeight): boolean {
  return onlyWith !== undefined || frozen.length > 0;
}

export interface TrainingPlan {
  readonly model: ModelAnalysis<ModelDocument>;
  readonly document: ModelDocument;
  readonly train: TrainDocument;
  readonly weights: readonly WeightInfo[];
  readonly trained: readonly PlannedWeight[];
  readonly balancer: {
    readonly entry: BalancerEntry;
    readonly options: Options;
    readonly state: readonly BalancerState[];
    readonly stateNamed: (name: string) => BalancerState;
    /** The weights whose gradients the balancer looks at, task by task. */
    readonly shared: readonly PlannedWeight[];
  };
}

/** Decides which weights are trained, and by what. */
export function planTraining(model: ModelAnalysis<ModelDocument>, train: TrainDocument): TrainingPlan {
  const { document, weights } = model;
  const optional = new Set(document.tasks.filter((t) => t.label.optional).map((t) => t.name));
  const trained = model.trained(train).map((weight): PlannedWeight => {
    const entry = libraryEntry("optimizer", weight.optimizer.name);
    const slots = entry.slots(readOptions(entry, weight.optimizer.options));
    const onlyWith = weight.tasks.every((t) => optional.has(t)) ? weight.tasks : undefined;
    return { ...weight, slots, onlyWith };
  });
  const entry = libraryEntry("balancer", train.balance.name);
  const options = readOptions(entry, train.balance.options);
  const shared = looksAtGradients(entry) ? balancedWeights(trained, train.balance) : [];
  const state = entry.state(
    document.tasks.map((t) => t.name),
    options,
    shared,
  );
  const balancer = { entry, options, state, stateNamed: statesByName(state), shared };
  return { model, document, train, weights, trained, balancer };
}

function statesByName(all: readonly BalancerState[]): (name: string) => BalancerState {
  const byName = new Map(all.map((state) => [state.name, state]));
  return (name) => {
    const state = byName.get(name);
    if (!state) throw new Error(`the balancer keeps nothing as ${name}`);
    return state;
  };
}

/** The weights whose gradients are accumulated for each task apart, where a step has several batches. */
export function waitingByTask({ trained, balancer }: TrainingPlan): readonly PlannedWeight[] {
  if (balancer.entry.form === "total") return [];
  return balancer.entry.form === "factors" ? trained : balancer.shared;
}
