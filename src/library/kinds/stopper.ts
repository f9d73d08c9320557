import type { Options } from "./component.js";
import type { Definition, Entry } from "./entry.js";
import { listed, type Declarations, type OptionsOf } from "./parameters.js";

/** When training stops; the runtime reads its options. */
export interface StopperEntry<O extends Options = Options> extends Entry<O> {
  readonly kind: "stopper";
}

export function defineStopper<const P extends Declarations>(
  definition: Definition<StopperEntry<OptionsOf<NoInfer<P>>>, P>,
): StopperEntry<OptionsOf<P>> {
  return { ...definition, kind: "stopper", parameters: listed(definition.parameters) };
}
