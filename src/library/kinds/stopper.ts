import type { Options } from "./component.js";
import type { Definition, Entry } from "./entry.js";
import { listed, type Declarations, type OptionsOf } from "./parameters.js";

/** Measures that training is stopped by. */
export interface Watched {
  readonly monitor: readonly string[];
  /** How several measures are made one number. */
  readonly criterion: "mean" | "worst";
  /** A weight for each measure; null where all are 1. */
  readonly weights: readonly number[] | null;
  /** How many epochs without improvement end training. */
  readonly patience: number;
  readonly minDelta: number;
}

/** When training stops; the runtime reads its options. */
export interface StopperEntry<O extends Options = Options> extends Entry<O> {
  readonly kind: "stopper";
  /** What it watches, and when it has seen enough. */
  watches(options: O): Watched;
}

export function defineStopper<const P extends Declarations>(
  definition: Definition<StopperEntry<OptionsOf<NoInfer<P>>>, P>,
): StopperEntry<OptionsOf<P>> {
  return { ...definition, kind: "stopper", parameters: listed(definition.parameters) };
}
