import { activations } from "./activations/index.js";
import { balancers } from "./balancers/index.js";
import { clips } from "./clips/index.js";
import type {
  ActivationEntry,
  BalancerEntry,
  ClipEntry,
  ComponentKind,
  Entry,
  InitializerEntry,
  LayerEntry,
  LossEntry,
  OptimizerEntry,
  RegularizerEntry,
  ScheduleEntry,
  SplitEntry,
  StopperEntry,
} from "./entry.js";
import type { WrittenAs } from "./kinds/layer.js";
import type { AlgorithmEntry } from "./meta-entry.js";
import { COMPONENT_KINDS } from "./kinds/component.js";
import { families, type FamilyEntry } from "./families.js";
import { initializers } from "./initializers/index.js";
import { layers } from "./layers/index.js";
import { losses } from "./losses/index.js";
import { algorithms } from "./meta/index.js";
import { metrics, type MetricEntry } from "./metrics.js";
import { optimizers } from "./optimizers/index.js";
import { regularizers } from "./regularizers/index.js";
import { samplers, type SamplerEntry } from "./samplers.js";
import { schedules } from "./schedules/index.js";
import { splits } from "./splits.js";
import { stoppers } from "./stoppers/index.js";
import { transforms, type TransformEntry } from "./transforms.js";

/** What each kind's entries are. */
export interface EntryOf {
  layer: LayerEntry;
  activation: ActivationEntry;
  initializer: InitializerEntry;
  regularizer: RegularizerEntry;
  schedule: ScheduleEntry;
  optimizer: OptimizerEntry;
  loss: LossEntry;
  metric: MetricEntry;
  balancer: BalancerEntry;
  clip: ClipEntry;
  stopper: StopperEntry;
  algorithm: AlgorithmEntry;
  transform: TransformEntry;
  split: SplitEntry;
  sampler: SamplerEntry;
  family: FamilyEntry;
}

/** Everything that has work behind it, by kind and name. */
const index: { readonly [K in ComponentKind]: ReadonlyMap<string, EntryOf[K]> } = {
  layer: byName(layers),
  activation: byName(activations),
  initializer: byName(initializers),
  regularizer: byName(regularizers),
  schedule: byName(schedules),
  optimizer: byName(optimizers),
  loss: byName(losses),
  metric: byName(metrics),
  balancer: byName(balancers),
  clip: byName(clips),
  stopper: byName(stoppers),
  algorithm: byName(algorithms),
  transform: byName(transforms),
  split: byName(splits),
  sampler: byName(samplers),
  family: byName(families),
};

function byName<E extends Entry>(list: readonly E[]): ReadonlyMap<string, E> {
  return new Map(list.map((entry) => [entry.name, entry]));
}

/** Every entry of a kind. */
export function entriesOf<K extends ComponentKind>(kind: K): readonly EntryOf[K][] {
  return [...index[kind].values()];
}

export function findEntry<K extends ComponentKind>(kind: K, name: string): EntryOf[K] | undefined {
  return index[kind].get(name);
}

/** The entry of a name that the checker has accepted; anything else is a defect of ours. */
export function entry<K extends ComponentKind>(kind: K, name: string): EntryOf[K] {
  const found = findEntry(kind, name);
  if (found === undefined) throw new Error(`the library has no ${kind} ${name}`);
  return found;
}

const byWriting: ReadonlyMap<WrittenAs, LayerEntry> = new Map(
  layers.flatMap((layer) => (layer.written === undefined ? [] : [[layer.written, layer] as const])),
);

/** The layer that the compiler makes of a piece of an expression. */
export function layerWritten(as: WrittenAs): LayerEntry {
  const found = byWriting.get(as);
  if (!found) throw new Error(`the library has no layer that is written ${as}`);
  return found;
}

export function componentKinds(): readonly ComponentKind[] {
  return COMPONENT_KINDS;
}
