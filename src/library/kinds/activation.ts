import type { Builder, Value } from "../../tensor/index.js";
import type { Options } from "./component.js";
import type { Definition, Entry } from "./entry.js";
import { listed, type Declarations, type OptionsOf } from "./parameters.js";
import type { Link, Range } from "./types.js";

export interface ActivationEntry<O extends Options = Options> extends Entry<O> {
  readonly kind: "activation";
  /** It leaves numbers as they are. */
  readonly identity?: boolean;
  /** What it makes of logits where a cross-entropy looks through it. */
  readonly link?: Link;
  /** Its parameters, as its layer declares them after what it is applied to. */
  readonly declared: Declarations;
  /** Where its numbers lie, of an input that lies there; `last` is the length of the last axis. */
  range(options: O, input: Range, last: number): Range;
  lower(b: Builder, x: Value, options: O): Value;
}

export function defineActivation<const P extends Declarations>(
  definition: Definition<Omit<ActivationEntry<OptionsOf<NoInfer<P>>>, "declared">, P>,
): ActivationEntry<OptionsOf<P>> {
  return {
    ...definition,
    kind: "activation",
    parameters: listed(definition.parameters),
    declared: definition.parameters,
  };
}
