import type { Builder, Dimension, Shape, Value } from "../tensor/index.js";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonSchema = { readonly [key: string]: Json };

/** A library thing with its options, as the model document holds it: `{ "name": "adam", "options": { "lr": 0.001 } }`. */
export type Component = {
  readonly name: string;
  readonly options: { readonly [key: string]: Json };
};

/** The kinds of named things that an option can hold. */
export type ComponentKind =
  | "layer"
  | "activation"
  | "initializer"
  | "regularizer"
  | "schedule"
  | "optimizer"
  | "loss"
  | "metric"
  | "balancer"
  | "clip"
  | "stopper"
  | "algorithm"
  | "transform"
  | "split";

interface BaseParameter {
  readonly name: string;
  readonly doc: string;
}

/** A tensor that the layer is applied to; these come first, and a pipe fills the first. */
export interface TensorParameter extends BaseParameter {
  readonly kind: "tensor";
  /** May be left out (then the layer decides what stands in for it). */
  readonly optional?: boolean;
}

/** A list of tensors, or several tensors one after the other. */
export interface TensorsParameter extends BaseParameter {
  readonly kind: "tensors";
}

/** A plain value, checked by a JSON schema. Without a default it must be given. */
export interface OptionParameter extends BaseParameter {
  readonly kind: "option";
  readonly schema: JsonSchema;
  readonly default?: Json;
}

/** A named thing with options of its own: an activation, an initializer, a schedule. */
export interface ComponentParameter extends BaseParameter {
  readonly kind: "component";
  readonly of: ComponentKind;
  /** A plain value of this schema may stand for a component (a number for a constant schedule). */
  readonly plain?: JsonSchema;
  readonly list?: boolean;
  /** `null` where none is the default; left out where it must be given. */
  readonly default?: Component | readonly Component[] | number | null;
}

/** Weight-path patterns (`trunk.*`), or dotted names (`validation.loss`). */
export interface PathParameter extends BaseParameter {
  readonly kind: "path";
  readonly list?: boolean;
  readonly default?: string | readonly string[] | null;
}

/** Names of columns of the data file. */
export interface ColumnParameter extends BaseParameter {
  readonly kind: "column";
  readonly default?: string | null;
}

/** A nested `{ key: value }` with parameters of its own. */
export interface ObjectParameter extends BaseParameter {
  readonly kind: "object";
  readonly parameters: readonly Parameter[];
  readonly default?: { readonly [key: string]: Json } | null;
}

export type Parameter =
  | ColumnParameter
  | ObjectParameter
  | TensorParameter
  | TensorsParameter
  | OptionParameter
  | ComponentParameter
  | PathParameter;

/** What every entry of the library says of itself. */
export interface Entry {
  readonly kind: ComponentKind;
  readonly name: string;
  /** Markdown: what it does, shapes, units; the source (paper and equation) where there is one. */
  readonly doc: string;
  readonly parameters: readonly Parameter[];
  /** A line or more of .nnspec that uses it. */
  readonly example: string;
  /** A listed name whose work is not there yet. */
  readonly notYet?: boolean;
}

/** Typed access to the options of one use of an entry, defaults filled in. */
export interface Options {
  number(name: string): number;
  numbers(name: string): readonly number[];
  string(name: string): string;
  boolean(name: string): boolean;
  json(name: string): Json;
  component(name: string): Component | null;
}

/** Names and count of the classes that an integer value stands for. */
export interface Classes {
  readonly count: number;
  readonly names?: readonly string[];
}

/** The type of a value of the model: the batch dimension is left out, and `batched` says whether there is one. */
export interface ValueType {
  readonly dtype: "float" | "int";
  readonly dims: readonly number[];
  readonly batched: boolean;
  readonly classes?: Classes;
}

export type ShapeCode = "NN3001" | "NN3002" | "NN3003" | "NN3004" | "NN3006";

/** Why a layer cannot be applied; the checker adds the places. */
export interface Problem {
  readonly problem: ShapeCode;
  readonly message: string;
  readonly hint?: string;
  /** The option that is to blame, so that the message stands there. */
  readonly option?: string;
}

export function problem(
  code: ShapeCode,
  message: string,
  extras: { hint?: string; option?: string } = {},
): Problem {
  return { problem: code, message, ...extras };
}

export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initializer: Component;
  readonly regularizer?: Component | null;
}

/** Library state that training updates and prediction reads, such as batch-norm statistics. */
export interface StateSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initial: number;
}

export interface ShapeContext {
  readonly options: Options;
  /** The tensors it is applied to, in order. */
  readonly inputs: readonly ValueType[];
}

export interface LowerContext extends ShapeContext {
  readonly b: Builder;
  /** The values of `inputs`. */
  readonly values: readonly Value[];
  readonly output: ValueType;
  readonly training: boolean;
  /** The leading dimension of batched values. */
  readonly batch: Dimension;
  weight(name: string): Value;
  state(name: string): Value;
  setState(name: string, value: Value): void;
  /** Uniform numbers in [0, 1), fresh at every step, from this node's own stream. */
  uniform(shape: Shape): Value;
  /** Applies an activation, in the body of a scan where one is given. */
  activate(activation: Component | null, value: Value, body?: Builder): Value;
}

export interface LayerEntry extends Entry {
  readonly kind: "layer";
  /** Not to be written by name; the compiler makes it from an expression. */
  readonly hidden?: boolean;
  /** Has an `activation` option, applied to what `lower` returns. */
  readonly activated?: boolean;
  /** It is this activation used as a stage: a cross-entropy looks through it to the logits. */
  readonly activation?: string;
  /** The type of its output, or why there is none. */
  shape(context: ShapeContext): ValueType | Problem;
  weights?(context: ShapeContext): readonly WeightSpec[];
  state?(context: ShapeContext): readonly StateSpec[];
  /** The output before the activation. */
  lower(context: LowerContext): Value;
}

export interface ActivationEntry extends Entry {
  readonly kind: "activation";
  lower(b: Builder, x: Value, options: Options): Value;
}

export interface InitializerEntry extends Entry {
  readonly kind: "initializer";
  /** A problem where the shape does not suit it. */
  fits?(shape: readonly number[]): Problem | undefined;
  lower(context: InitializerContext): Value;
}

export interface InitializerContext {
  readonly b: Builder;
  readonly options: Options;
  readonly shape: readonly number[];
  readonly seed: Value;
  /** The weight path's own stream of random numbers. */
  readonly stream: number;
}

export interface RegularizerEntry extends Entry {
  readonly kind: "regularizer";
  /** The scalar that is added to the loss. */
  lower(b: Builder, weight: Value, options: Options): Value;
}

export interface ScheduleContext {
  readonly b: Builder;
  /** Float scalars: steps taken, steps in all, epochs done. */
  readonly step: Value;
  readonly totalSteps: Value;
  readonly epoch: Value;
  readonly options: Options;
  /** Another schedule, or a plain number, at a step of so many in all. */
  evaluate(schedule: Json, step: Value, totalSteps: Value): Value;
}

export interface ScheduleEntry extends Entry {
  readonly kind: "schedule";
  lower(context: ScheduleContext): Value;
}

export interface OptimizerContext {
  readonly b: Builder;
  readonly options: Options;
  readonly weight: Value;
  readonly gradient: Value;
  readonly slots: Readonly<Record<string, Value>>;
  /** The learning rate at this step, a float scalar. */
  readonly lr: Value;
  /** The number of this update, from 1, a float scalar. */
  readonly iteration: Value;
}

export interface OptimizerEntry extends Entry {
  readonly kind: "optimizer";
  /** Per-weight state, shaped like the weight, zero at first. */
  slots(options: Options): readonly string[];
  /** Takes the whole training part in one step. */
  readonly fullBatch?: boolean;
  update(context: OptimizerContext): {
    readonly weight: Value;
    readonly slots: Readonly<Record<string, Value>>;
  };
}

export interface LabelType {
  readonly kind: "float" | "int" | "binary" | "category";
  readonly dims: readonly number[];
  readonly classes?: Classes;
  readonly optional: boolean;
}

/** How raw outputs become probabilities. */
export type Link = "sigmoid" | "softmax";

export interface LossContext {
  readonly b: Builder;
  readonly options: Options;
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

export interface LossEntry extends Entry {
  readonly kind: "loss";
  /** The likelihood whose negative logarithm it is, for balancing by uncertainty. */
  readonly noise?: "gaussian" | "laplace" | "categorical";
  /** The activation that turns its logits into probabilities, for cross-entropies. */
  link?(label: LabelType): Link;
  /** Why it does not fit this label and output, or nothing. */
  fits(label: LabelType, output: ValueType): { message: string; hint?: string } | undefined;
  /** One loss a row, shape [B]: the mean over the label's own dimensions. */
  lower(context: LossContext): Value;
}

export interface BalancedTask {
  readonly name: string;
  readonly loss: Value;
  /** The static weight of the spec. */
  readonly weight: number;
  readonly noise: "gaussian" | "laplace" | "categorical" | undefined;
  /** A bool scalar that says whether the batch has a label of it; undefined where it always has. */
  readonly present: Value | undefined;
}

export interface BalancerContext {
  readonly b: Builder;
  readonly options: Options;
  readonly tasks: readonly BalancedTask[];
  /** A trained scalar of the balancer's own. */
  parameter(name: string): Value;
}

export interface BalancerEntry extends Entry {
  readonly kind: "balancer";
  /** Whether static task weights act under it. */
  readonly staticWeights: boolean;
  /** Scalars of its own, trained by their own adam, with their initial values. */
  parametersFor(tasks: readonly string[], options: Options): Readonly<Record<string, number>>;
  /** The scalar whose gradient trains the model. */
  combine(context: BalancerContext): Value;
}

/** Entries whose whole meaning lies in the runtime or in a later phase: they only state their parameters here. */
export interface PlainEntry extends Entry {
  readonly kind: "metric" | "stopper" | "algorithm" | "transform" | "split";
}

/** A planned name: its use is checked, and answered with a diagnostic. */
export interface PlannedEntry extends Entry {
  readonly kind: "balancer";
  readonly notYet: true;
}

export interface ClipEntry extends Entry {
  readonly kind: "clip";
  lower(b: Builder, gradients: readonly Value[], options: Options): Value[];
}
