import type { Builder, Dimension, Value } from "../../tensor/index.js";
import type { Options } from "./component.js";
import type { Definition, Entry } from "./entry.js";
import { listed, type Declarations, type OptionsOf } from "./parameters.js";
import type { LabelType, Link, ValueType } from "./types.js";

export interface LossContext<O extends Options = Options> {
  readonly b: Builder;
  readonly options: O;
  readonly label: Value;
  readonly labelType: LabelType;
  /** What the task's output gives, shaped like the spec says. */
  readonly prediction: Value;
  /** The values before the link, where the output has one or is linear. */
  readonly logits: Value | undefined;
  readonly batch: Dimension;
  /** One weight a class, where class weights are given. */
  readonly classWeights: Value | undefined;
}

export interface LossEntry<O extends Options = Options> extends Entry<O> {
  readonly kind: "loss";
  /** The likelihood whose negative logarithm it is, for balancing by uncertainty. */
  readonly noise?: "gaussian" | "laplace" | "categorical";
  /** The activation that turns its logits into probabilities, for cross-entropies. */
  link?(label: LabelType): Link;
  /** What numbers it takes besides logits: any, probabilities one by one, or shares along the last axis. */
  readonly takes: "numbers" | "probabilities" | "shares";
  /** Why it does not fit this label and output, or nothing. */
  fits(label: LabelType, output: ValueType): { message: string; hint?: string } | undefined;
  /** Dimensions of a label's elements, each of which has a loss of its own; all of the label's where left out. */
  elements?(label: LabelType): readonly number[];
  /** One loss for each element of each row: [B, …elements], or as many numbers in another shape. */
  lower(context: LossContext<O>): Value;
}

export function defineLoss<const P extends Declarations>(
  definition: Definition<LossEntry<OptionsOf<NoInfer<P>>>, P>,
): LossEntry<OptionsOf<P>> {
  return { ...definition, kind: "loss", parameters: listed(definition.parameters) };
}
