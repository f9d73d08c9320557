import type { Builder, Value } from "../../tensor/index.js";
import type { Options } from "./component.js";
import type { Definition, Entry } from "./entry.js";
import { listed, type Declarations, type OptionsOf } from "./parameters.js";

/** One update of a weight; `S` are the names of its slots. */
export interface OptimizerContext<O extends Options = Options, S extends string = string> {
  readonly b: Builder;
  readonly options: O;
  readonly weight: Value;
  readonly gradient: Value;
  readonly slots: { readonly [K in S]: Value };
  /** The learning rate at this step, a float scalar. */
  readonly lr: Value;
  /** The number of this update, from 1, a float scalar. */
  readonly iteration: Value;
}

export interface OptimizerEntry<O extends Options = Options, S extends string = string> extends Entry<O> {
  readonly kind: "optimizer";
  /** Per-weight state, shaped like the weight, zero at first. */
  slots(options: O): readonly S[];
  /** Takes the whole training part in one step. */
  readonly fullBatch?: boolean;
  update(context: OptimizerContext<O, S>): {
    readonly weight: Value;
    readonly slots: Readonly<Record<string, Value>>;
  };
}

export function defineOptimizer<const P extends Declarations, const S extends string>(
  definition: Definition<OptimizerEntry<OptionsOf<NoInfer<P>>, S>, P>,
): OptimizerEntry<OptionsOf<P>, S> {
  return { ...definition, kind: "optimizer", parameters: listed(definition.parameters) };
}
