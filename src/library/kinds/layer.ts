import type { Builder, Dimension, Shape, Value } from "../../tensor/index.js";
import type { Component, Options } from "./component.js";
import type { Definition, Entry } from "./entry.js";
import {
  listed,
  type ByTensor,
  type Declarations,
  type OptionsOf,
  type Tensors,
  type TensorsOf,
} from "./parameters.js";
import type { Problem, Range, ValueType } from "./types.js";

/** A weight that a layer makes, under its own path. */
export interface OwnWeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initializer: Component;
  readonly regularizer?: Component | null;
  /** The shape that the initializer draws, where it is another: as many numbers, in the same order. */
  readonly drawnAs?: readonly number[];
}

/** A weight that another layer has made: `tied` is its path. */
export interface TiedWeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly tied: string;
}

export type WeightSpec = OwnWeightSpec | TiedWeightSpec;

/** Library state that training updates and prediction reads, such as batch-norm statistics. */
export interface StateSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initial: number;
}

export type WrittenAs = "+" | "-" | "*" | "/" | "number" | "weight";

/** One use of a layer, for the bounds of its output: ranges and dimensions of its inputs, dimensions of its output. */
export interface RangeContext<O extends Options = Options> {
  readonly options: O;
  readonly ranges: readonly Range[];
  readonly inputs: readonly (readonly number[])[];
  readonly output: readonly number[];
  /** Bounds of an activation's output, whatever its input is. */
  activation(component: Component | null): Range;
}

export interface ShapeContext<O extends Options = Options, T extends Tensors = Tensors> {
  readonly options: O;
  /** The tensors it is applied to, by the names of its parameters. */
  readonly inputs: ByTensor<T, ValueType>;
}

/** One use of a layer in prediction, for counting its work. */
export interface WorkContext<O extends Options = Options, T extends Tensors = Tensors> extends ShapeContext<
  O,
  T
> {
  readonly output: ValueType;
}

export interface LowerContext<O extends Options = Options, T extends Tensors = Tensors> extends ShapeContext<
  O,
  T
> {
  readonly b: Builder;
  /** The values of `inputs`. */
  readonly values: ByTensor<T, Value>;
  readonly output: ValueType;
  readonly training: boolean;
  /** The leading dimension of batched values. */
  readonly batch: Dimension;
  weight(name: string): Value;
  state(name: string): Value;
  setState(name: string, value: Value): void;
  /** Whether state is computed from these rows alone, so that gradients flow through it, and not from its previous value. */
  readonly afresh: boolean;
  /** Uniform numbers in [0, 1), fresh at every step, from this node's own stream. */
  uniform(shape: Shape): Value;
  /** Applies an activation, in the body of a scan where one is given. */
  activate(activation: Component | null, value: Value, body?: Builder): Value;
}

export interface LayerEntry<O extends Options = Options, T extends Tensors = Tensors> extends Entry<O> {
  readonly kind: "layer";
  /** The syntax, besides its name, that stands for it: an operator between tensors, a number among them, a declared weight. */
  readonly written?: WrittenAs;
  /** Cannot be written by name in a spec. */
  readonly hidden?: boolean;
  /** Draws random numbers in training; a pass may ask for the behaviour of prediction instead. */
  readonly random?: boolean;
  /** No gradient flows back through it. */
  readonly stopsGradients?: boolean;
  /** Its weights are rows to be looked up, of which a batch sees few. */
  readonly table?: boolean;
  /** The layer that hints suggest for a task's output. */
  readonly advised?: boolean;
  /** Has an `activation` option, applied to what `lower` returns. */
  readonly activated?: boolean;
  /** Set where it is just this activation, used as a layer: a cross-entropy looks through it to the logits. */
  readonly activation?: string;
  /** Bounds of its output, before the activation of its `activation` option. */
  range(context: RangeContext<O>): Range;
  /** The type of its output, or why there is none. */
  shape(context: ShapeContext<O, T>): ValueType | Problem;
  weights?(context: ShapeContext<O, T>): readonly WeightSpec[];
  /** Multiply-adds of one row; none where left out. */
  multiplyAdds?(context: WorkContext<O, T>): number;
  /** In prediction it returns its only tensor unchanged if the shape stays, and so costs nothing. */
  readonly copies?: boolean;
  state?(context: ShapeContext<O, T>): readonly StateSpec[];
  /** The output before the activation. */
  lower(context: LowerContext<O, T>): Value;
}

export function defineLayer<const P extends Declarations>(
  definition: Definition<LayerEntry<OptionsOf<NoInfer<P>>, TensorsOf<NoInfer<P>>>, P>,
): LayerEntry<OptionsOf<P>, TensorsOf<P>> {
  return { ...definition, kind: "layer", parameters: listed(definition.parameters) };
}
