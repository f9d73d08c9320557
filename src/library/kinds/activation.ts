import type { Builder, Value } from "../../tensor/index.js";
import type { Options } from "./component.js";
import type { Definition, Entry } from "./entry.js";
import { listed, type Declarations, type OptionsOf } from "./parameters.js";
import type { Link, Range } from "./types.js";

export interface ActivationEntry<O extends Options = Options> extends Entry<O> {
  readonly kind: "activation";
  /** Returns its input unchanged. */
  readonly identity?: boolean;
  /** How it makes probabilities of logits, where a cross-entropy may be computed from the logits before it. */
  readonly link?: Link;
  /** Its options, which its layer form declares after the input tensor. */
  readonly declared: Declarations;
  /** Bounds of the output for bounds of the input; `last` is the length of the last axis. */
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
