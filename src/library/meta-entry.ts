import type { Builder, Value } from "../tensor/index.js";
import type { Component, Options } from "./kinds/component.js";
import type { Definition, Entry } from "./kinds/entry.js";
import { listed, type Declarations, type OptionsOf } from "./kinds/parameters.js";
import type { LabelType, Link, ValueType } from "./kinds/types.js";

/** A weight that adapts to a task. */
export interface AdaptingWeight {
  readonly path: string;
  readonly shape: readonly number[];
}

/** Something that is learned beside the model's weights, by the outer optimizer. */
export interface LearnedSpec extends AdaptingWeight {
  readonly initializer: Component;
}

/** Sizes that an algorithm's own weights depend on. */
export interface MetaSizes {
  readonly adapting: readonly AdaptingWeight[];
  /** Rows of an episode's support. */
  readonly support: number;
  /** Classes of the model's task; 0 where its label is none. */
  readonly ways: number;
  /** Numbers in a row of the value that `embed` names; 0 where the algorithm has no such option. */
  readonly width: number;
  /** Classes that are trained on, of which an episode has `ways`; 0 where the spec names none. */
  readonly classes: number;
}

/** The facts of a model that decide whether an algorithm can train it. */
export interface MetaSubject extends Pick<MetaSizes, "ways" | "classes"> {
  readonly tasks: readonly { readonly label: LabelType; readonly link: Link | undefined }[];
  /** The type of the value that `embed` names. */
  readonly embed: ValueType | undefined;
}

interface MetaEntry<O extends Options = Options> extends Entry<O> {
  readonly kind: "algorithm";
  /** Why it cannot be run on the model, or nothing. */
  fits?(subject: MetaSubject): { readonly reason: string; readonly hint: string } | undefined;
  /** What it learns beside the model's weights. */
  learned?(options: O, sizes: MetaSizes): readonly LearnedSpec[];
}

/** The inner loop: gradient descent of a task's weights on its loss. */
export interface Descent {
  readonly steps: number;
  /** A learning rate for each adapting weight: of its shape or a scalar, or one of these for each step along a first axis. */
  readonly rates: readonly Value[];
  readonly perStep?: boolean;
  /** Whether the steps are differentiated through: a bool scalar where the program decides. */
  readonly second: boolean | Value;
  /** Whose loss it is: the support's, or that of support and query together. */
  readonly on?: "support" | "all";
  /** Whether the weights after every step are wanted, not those after the last alone. */
  readonly every?: boolean;
  /** Strength λ of ½·λ·‖φ − θ‖² in the loss, θ being where the weights begin. */
  readonly proximal?: number;
}

/** What every algorithm has at hand. */
export interface AlgorithmContext<O extends Options = Options> {
  readonly b: Builder;
  readonly options: O;
  /** A weight that `learned` asked for. */
  learned(path: string): Value;
}

/** Embedded rows with their labels. */
export interface EmbeddedRows {
  /** [rows, width]. */
  readonly embedded: Value;
  /** Class indices within the episode, [rows]. */
  readonly labels: Value;
}

/** What an algorithm of inner steps sees of one task. */
export interface TaskContext<O extends Options = Options> extends AlgorithmContext<O> {
  readonly adapting: readonly (AdaptingWeight & { readonly value: Value })[];
  /** Meta-steps done and in all, float scalars. */
  readonly step: Value;
  readonly totalSteps: Value;
  /** The adapting weights after each step. */
  descend(descent: Descent): readonly (readonly Value[])[];
  /** Losses at these values of the adapting weights. */
  supportLoss(values: readonly Value[]): Value;
  queryLoss(values: readonly Value[]): Value;
  /** Mean loss of support and query together where the weights begin. */
  startLoss(): Value;
  /** Support and query, embedded by the value that `embed` names where the weights begin. */
  embedded(): readonly EmbeddedRows[];
  /** The index of each of the episode's classes among all classes of training, [ways]. */
  classNumbers(): Value;
}

export interface TaskOutcome {
  /** The query's loss after adaptation, to be reported. */
  readonly loss: Value;
  /** The scalar whose gradient moves the weights. */
  readonly objective: Value;
}

/** Learns weights from which a few steps of gradient descent on a task's support do well on its query. */
export interface GradientAlgorithm<O extends Options = Options> extends MetaEntry<O> {
  /** Which weights adapt where the spec does not say it. */
  readonly adapts: "all" | "head" | "body" | "context";
  /** Steps of adaptation where nobody says how many. */
  innerSteps(options: O): number;
  /** The optimizer where the spec names none. */
  outer?(options: O): Component;
  /** How one step of adaptation moves each weight, for any number of steps; `step` counts from 0. */
  adaptation(
    context: Pick<TaskContext<O>, "b" | "options" | "adapting" | "learned">,
  ): Omit<Descent, "steps" | "second">;
  meta(context: TaskContext<O>): TaskOutcome;
}

/** Learns to embed rows so that a query's class is that of the support rows that it is like. */
export interface MetricAlgorithm<
  O extends Options = Options,
  K extends readonly Value[] = readonly Value[],
> extends MetaEntry<O> {
  /** The names and shapes of what `keep` returns. */
  kept(sizes: MetaSizes): readonly AdaptingWeight[];
  /** The largest support that can be kept; any size where left out. */
  capacity?(sizes: MetaSizes): number;
  /** What is kept of these rows; classes as one-hot rows [rows, ways]. */
  keep(context: AlgorithmContext<O>, support: { readonly embedded: Value; readonly classes: Value }): K;
  /** A score for each class, [rows, ways]; a softmax of them is the prediction. */
  scores(context: AlgorithmContext<O>, kept: K, embedded: Value): Value;
  /** What training minimizes in place of the task's own loss, from the query's scores and one-hot classes. */
  objective?(context: AlgorithmContext<O>, scores: Value, classes: Value): Value;
}

export type AlgorithmEntry = GradientAlgorithm | MetricAlgorithm;

export function defineGradientAlgorithm<const P extends Declarations>(
  definition: Definition<GradientAlgorithm<OptionsOf<NoInfer<P>>>, P>,
): GradientAlgorithm<OptionsOf<P>> {
  return { ...definition, kind: "algorithm", parameters: listed(definition.parameters) };
}

export function defineMetricAlgorithm<const P extends Declarations, const K extends readonly Value[]>(
  definition: Definition<MetricAlgorithm<OptionsOf<NoInfer<P>>, K>, P>,
): MetricAlgorithm<OptionsOf<P>, K> {
  return { ...definition, kind: "algorithm", parameters: listed(definition.parameters) };
}
