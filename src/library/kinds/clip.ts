import type { Builder, Value } from "../../tensor/index.js";
import type { Options } from "./component.js";
import type { Definition, Entry } from "./entry.js";
import { listed, type Declarations, type OptionsOf } from "./parameters.js";

export interface ClipEntry<O extends Options = Options> extends Entry<O> {
  readonly kind: "clip";
  lower(b: Builder, gradients: readonly Value[], options: O): Value[];
}

export function defineClip<const P extends Declarations>(
  definition: Definition<ClipEntry<OptionsOf<NoInfer<P>>>, P>,
): ClipEntry<OptionsOf<P>> {
  return { ...definition, kind: "clip", parameters: listed(definition.parameters) };
}
