import type { Builder, Dimension, RandomKey, Shape, Value } from "../tensor/index.js";

import type { Json, JsonSchema } from "./json.js";

export type { Json, JsonSchema } from "./json.js";

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
  | "split"
  | "sampler"
  | "family";

interface BaseParameter {
  readonly name: string;
  readonly doc: string;
  /** Of a section's setting: what it takes where it is given for a name or a pattern, `optimizer trunk.*: …`. */
  readonly patterned?: Parameter;
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

/** A value of the model by its name: an input, a binding, `TASK.BINDING`. In the document it is a reference. */
export interface ValueParameter extends BaseParameter {
  readonly kind: "value";
  readonly default?: null;
}

/** Names of columns of the data file. */
export interface ColumnParameter extends BaseParameter {
  readonly kind: "column";
  readonly default?: string | null;
}

/** Columns as a mapping takes them, `a`, `[a, b]`, `films.a`; a section reads them itself. */
export interface ColumnsParameter extends BaseParameter {
  readonly kind: "columns";
  readonly default?: null;
}

/** A nested `{ key: value }` with parameters of its own. */
export interface ObjectParameter extends BaseParameter {
  readonly kind: "object";
  readonly parameters: readonly Parameter[];
  readonly default?: { readonly [key: string]: Json } | null;
}

export type Parameter =
  | ColumnParameter
  | ColumnsParameter
  | ObjectParameter
  | TensorParameter
  | TensorsParameter
  | OptionParameter
  | ComponentParameter
  | PathParameter
  | ValueParameter;

/** What every entry of the library says of itself. */
export interface Entry {
  readonly kind: ComponentKind;
  readonly name: string;
  /** Markdown: what it does, shapes, units; the source (paper and equation) where there is one. */
  readonly doc: string;
  readonly parameters: readonly Parameter[];
  /** A line or more of .nnspec that uses it. */
  readonly example: string;
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

export type ShapeCode = "NN3001" | "NN3002" | "NN3003" | "NN3004" | "NN3006" | "NN3007";

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

/** Where the numbers of a value lie, as far as the model's structure says. */
export interface Range {
  readonly low: number;
  readonly high: number;
  /** Sums and products with weights make it, with no activation behind: a cross-entropy takes it for logits. */
  readonly linear?: boolean | undefined;
  /** Shares of a whole along the last axis: a softmax, or a mixture of such. */
  readonly shares?: boolean | undefined;
}

/** One use of a layer: what it is applied to, and the dimensions before and behind. */
export interface RangeContext {
  readonly options: Options;
  readonly ranges: readonly Range[];
  readonly inputs: readonly (readonly number[])[];
  readonly output: readonly number[];
  /** Where an activation's numbers lie, of any input. */
  activation(component: Component | null): Range;
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
  /** Whether state is to be that of these rows alone, differentiably, whatever it was before. */
  readonly afresh: boolean;
  /** Uniform numbers in [0, 1), fresh at every step, from this node's own stream. */
  uniform(shape: Shape): Value;
  /** Applies an activation, in the body of a scan where one is given. */
  activate(activation: Component | null, value: Value, body?: Builder): Value;
}

export interface LayerEntry extends Entry {
  readonly kind: "layer";
  /** The compiler makes it from an expression. */
  readonly hidden?: boolean;
  /** Draws random numbers in training, and may rest in it. */
  readonly random?: boolean;
  /** No gradient flows back through it. */
  readonly stopsGradients?: boolean;
  /** Its weights are rows to be looked up, of which a batch sees few. */
  readonly table?: boolean;
  /** The layer that advice writes a task's output with. */
  readonly advised?: boolean;
  /** Has an `activation` option, applied to what `lower` returns. */
  readonly activated?: boolean;
  /** It is this activation used as a stage: a cross-entropy looks through it to the logits. */
  readonly activation?: string;
  /** Where its numbers lie, before the activation of its option. */
  range(context: RangeContext): Range;
  /** The type of its output, or why there is none. */
  shape(context: ShapeContext): ValueType | Problem;
  weights?(context: ShapeContext): readonly WeightSpec[];
  state?(context: ShapeContext): readonly StateSpec[];
  /** The output before the activation. */
  lower(context: LowerContext): Value;
}

export interface ActivationEntry extends Entry {
  readonly kind: "activation";
  /** What it makes of logits where a cross-entropy looks through it. */
  readonly link?: Link;
  /** Where its numbers lie, of an input that lies there; `last` is the length of the last axis. */
  range(options: Options, input: Range, last: number): Range;
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
  /** What is drawn. */
  readonly shape: readonly number[];
  /** The weight's own shape, by which its inputs and outputs are counted. */
  readonly weight: readonly number[];
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
  /** What numbers it takes besides logits: any, probabilities one by one, or shares along the last axis. */
  readonly takes: "numbers" | "probabilities" | "shares";
  /** Why it does not fit this label and output, or nothing. */
  fits(label: LabelType, output: ValueType): { message: string; hint?: string } | undefined;
  /** Dimensions of a label's elements, each of which has a loss of its own; all of the label's where left out. */
  elements?(label: LabelType): readonly number[];
  /** One loss for each element of each row: [B, …elements], or as many numbers in another shape. */
  lower(context: LossContext): Value;
}

export interface BalancedTask {
  readonly name: string;
  readonly loss: Value;
  /** The static weight of the spec. */
  readonly weight: number;
  readonly noise: "gaussian" | "laplace" | "categorical" | undefined;
  /** A bool scalar that says whether the step has a label of it; undefined where it always has. */
  readonly present: Value | undefined;
}

/** A task of one batch. */
export interface BatchTask extends Omit<BalancedTask, "present"> {
  /** Labelled rows over those that are to be expected, 1 on the average; undefined where all rows are labelled. */
  readonly share: Value | undefined;
}

/** State of the balancer's own. */
export interface BalancerState {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initial: number;
  /** It is a parameter with an adam of its own, at this rate; its task's absence lets it sit a step out. */
  readonly adam?: { readonly lr: number; readonly task?: string };
}

/** A weight that several tasks share, with each task's gradient of its loss, in the tasks' order. */
export interface SharedWeight {
  readonly path: string;
  readonly shape: readonly number[];
  readonly gradients: readonly Value[];
}

/** Values by the name of a state. */
export type StateValues = Readonly<Record<string, Value>>;

interface BalancerContext extends Pick<ShapeContext, "options"> {
  readonly b: Builder;
  /** What a state is before the step. */
  state(name: string): Value;
}

export interface BatchBalancerContext extends BalancerContext {
  readonly tasks: readonly BatchTask[];
}

export interface StepBalancerContext extends BalancerContext {
  readonly tasks: readonly BalancedTask[];
  /** Epochs done, a float scalar. */
  readonly epoch: Value;
  /** What a state with an adam is after a step along this gradient; `when`, a bool of its shape, says where it moves. */
  adam(name: string, gradient: Value, when: Value): Value;
  /** Random numbers of the step, others for each purpose. */
  random(purpose: string): RandomKey;
}

export interface SharedBalancerContext extends StepBalancerContext {
  /** The weights that it looks at. */
  readonly shared: readonly SharedWeight[];
}

interface BalancerBase extends Entry {
  readonly kind: "balancer";
  /** Whether static task weights act under it. */
  readonly staticWeights: boolean;
  /** It is the sum of the losses by their static weights, and nothing else. */
  readonly plain?: boolean;
  /** Every loss must be the negative logarithm of a likelihood. */
  readonly wantsLikelihoods?: boolean;
  /** What it keeps; `shared` are the weights that it looks at. */
  state(
    tasks: readonly string[],
    options: Options,
    shared: readonly Pick<SharedWeight, "path" | "shape">[],
  ): readonly BalancerState[];
}

/** Makes a scalar of one batch's losses whose gradient trains the model, and those states that have an adam. */
export interface TotalBalancer extends BalancerBase {
  readonly form: "total";
  total(context: BatchBalancerContext): Value;
}

/** Weighs the tasks' losses, once a step. */
export interface FactorBalancer extends BalancerBase {
  readonly form: "factors";
  /** Whether it looks at gradients of shared weights. */
  readonly looksAt: "losses" | "gradients";
  /** Factors, shape [tasks], and the states that change. */
  factors(context: SharedBalancerContext): { readonly factors: Value; readonly next?: StateValues };
  /** The states that change with the losses, on the same batch, of the weights after the step. */
  after?(context: StepBalancerContext, losses: readonly Value[]): StateValues;
}

/** Makes the gradients of shared weights out of the tasks'; all other weights take Σ weight · gradient. */
export interface DirectionBalancer extends BalancerBase {
  readonly form: "direction";
  /** One gradient a shared weight; where they are Σ factor · gradient, the factors too, shape [tasks]. */
  direction(context: SharedBalancerContext): {
    readonly gradients: readonly Value[];
    readonly factors?: Value;
    readonly next?: StateValues;
  };
}

export type BalancerEntry = TotalBalancer | FactorBalancer | DirectionBalancer;

/** When training stops; the runtime reads its options. */
export interface StopperEntry extends Entry {
  readonly kind: "stopper";
}

export interface SplitEntry extends Entry {
  readonly kind: "split";
  /**
   * How rows are dealt: each by `chance`, `evenly` within each value of a column, rows of one value `together`, in the
   * `order` of a column, or as a column has `given` it.
   */
  readonly deals: "chance" | "evenly" | "together" | "order" | "given";
}

export interface ClipEntry extends Entry {
  readonly kind: "clip";
  lower(b: Builder, gradients: readonly Value[], options: Options): Value[];
}
