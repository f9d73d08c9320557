import type { Builder, Value } from "../../tensor/index.js";
import type { Options } from "./component.js";
import type { Definition, Entry } from "./entry.js";
import { listed, type Declarations, type OptionsOf } from "./parameters.js";

export interface RegularizerEntry<O extends Options = Options> extends Entry<O> {
  readonly kind: "regularizer";
  /** The scalar that is added to the loss. */
  lower(b: Builder, weight: Value, options: O): Value;
}

export function defineRegularizer<const P extends Declarations>(
  definition: Definition<RegularizerEntry<OptionsOf<NoInfer<P>>>, P>,
): RegularizerEntry<OptionsOf<P>> {
  return { ...definition, kind: "regularizer", parameters: listed(definition.parameters) };
}
