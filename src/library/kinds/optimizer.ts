import type { Builder, Value } from "../../tensor/index.js";
import type { Options } from "./component.js";
import type { Definition, Entry } from "./entry.js";
import { listed, type Declarations, type OptionsOf } from "./parameters.js";

export interface OptimizerContext<O extends Options = Options> {
  readonly b: Builder;
  readonly options: O;
  readonly weight: Value;
  readonly gradient: Value;
  readonly slots: Readonly<Record<string, Value>>;
  /** The learning rate at this step, a float scalar. */
  readonly lr: Value;
  /** The number of this update, from 1, a float scalar. */
  readonly iteration: Value;
}

export interface OptimizerEntry<O extends Options = Options> extends Entry<O> {
  readonly kind: "optimizer";
  /** Per-weight state, shaped like the weight, zero at first. */
  slots(options: O): readonly string[];
  /** Takes the whole training part in one step. */
  readonly fullBatch?: boolean;
  update(context: OptimizerContext<O>): {
    readonly weight: Value;
    readonly slots: Readonly<Record<string, Value>>;
  };
}

export function defineOptimizer<const P extends Declarations>(
  definition: Definition<OptimizerEntry<OptionsOf<NoInfer<P>>>, P>,
): OptimizerEntry<OptionsOf<P>> {
  return { ...definition, kind: "optimizer", parameters: listed(definition.parameters) };
}
