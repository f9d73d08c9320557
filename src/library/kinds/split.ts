import type { Options } from "./component.js";
import type { Definition, Entry } from "./entry.js";
import { listed, type Declarations, type OptionsOf } from "./parameters.js";

export interface SplitEntry<O extends Options = Options> extends Entry<O> {
  readonly kind: "split";
  /**
   * How rows are dealt: each by `chance`, `evenly` within each value of a column, rows of one value `together`, in the
   * `order` of a column, or as a column has `given` it.
   */
  readonly deals: "chance" | "evenly" | "together" | "order" | "given";
}

export function defineSplit<const P extends Declarations>(
  definition: Definition<SplitEntry<OptionsOf<NoInfer<P>>>, P>,
): SplitEntry<OptionsOf<P>> {
  return { ...definition, kind: "split", parameters: listed(definition.parameters) };
}
