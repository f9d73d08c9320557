import type { Builder, RandomKey, Value } from "../../tensor/index.js";
import type { Options } from "./component.js";
import type { Definition, Entry } from "./entry.js";
import { listed, type Declarations, type OptionsOf } from "./parameters.js";
import type { LossEntry } from "./loss.js";

export interface BalancedTask {
  readonly name: string;
  readonly loss: Value;
  /** The static weight of the spec. */
  readonly weight: number;
  readonly noise: LossEntry["noise"];
  /** A bool scalar that says whether the step has a label of it; undefined where it always has. */
  readonly present: Value | undefined;
}

/** A task of one batch. */
export interface BatchTask extends Omit<BalancedTask, "present"> {
  /** Labelled rows over those that are to be expected, 1 on the average; undefined where all rows are labelled. */
  readonly share: Value | undefined;
}

/** A tensor that the balancer keeps from step to step. */
export interface BalancerState {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initial: number;
  /** Set for a state that adam trains at this rate; steps without a label of `task` leave it as it is. */
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

interface BalancerContext<O extends Options = Options> {
  readonly options: O;
  readonly b: Builder;
  /** What a state is before the step. */
  state(name: string): Value;
}

export interface BatchBalancerContext<O extends Options = Options> extends BalancerContext<O> {
  readonly tasks: readonly BatchTask[];
}

export interface StepBalancerContext<O extends Options = Options> extends BalancerContext<O> {
  readonly tasks: readonly BalancedTask[];
  /** Epochs done, a float scalar. */
  readonly epoch: Value;
  /** The value of a state that adam trains after a step along this gradient; `when`, a bool of its shape, says where it moves. */
  adam(name: string, gradient: Value, when: Value): Value;
  /** Random numbers of the step, others for each purpose. */
  random(purpose: string): RandomKey;
}

export interface SharedBalancerContext<O extends Options = Options> extends StepBalancerContext<O> {
  /** The shared weights whose gradients the balancer looks at. */
  readonly shared: readonly SharedWeight[];
}

interface BalancerBase<O extends Options = Options> extends Entry<O> {
  readonly kind: "balancer";
  /** Whether the static task weights of a spec have an effect with this balancer. */
  readonly staticWeights: boolean;
  /** Set for the balancer that is only the sum of the losses by their static weights. */
  readonly plain?: boolean;
  /** The finding of `nnc profile` that it is proposed for: gradients that point apart, or of very different norms. */
  readonly remedies?: "conflicts" | "norms";
  /** Every loss must be the negative logarithm of a likelihood. */
  readonly wantsLikelihoods?: boolean;
  /** The states that it keeps; `shared` are the weights whose gradients it looks at. */
  state(
    tasks: readonly string[],
    options: O,
    shared: readonly Pick<SharedWeight, "path" | "shape">[],
  ): readonly BalancerState[];
}

/** Makes a scalar of one batch's losses, whose gradient moves the model's weights and the states that adam trains. */
export interface TotalBalancer<O extends Options = Options> extends BalancerBase<O> {
  readonly form: "total";
  total(context: BatchBalancerContext<O>): Value;
}

/** Weighs the tasks' losses, once a step. */
export interface FactorBalancer<O extends Options = Options> extends BalancerBase<O> {
  readonly form: "factors";
  /** Whether it looks at gradients of shared weights. */
  readonly looksAt: "losses" | "gradients";
  /** Factors, shape [tasks], and the states that change. */
  factors(context: SharedBalancerContext<O>): { readonly factors: Value; readonly next?: StateValues };
  /** The states that change with the losses, on the same batch, of the weights after the step. */
  after?(context: StepBalancerContext<O>, losses: readonly Value[]): StateValues;
}

/** Makes the gradients of shared weights out of the tasks'; all other weights take Σ weight · gradient. */
export interface DirectionBalancer<O extends Options = Options> extends BalancerBase<O> {
  readonly form: "direction";
  /** One gradient a shared weight; where they are Σ factor · gradient, the factors too, shape [tasks]. */
  direction(context: SharedBalancerContext<O>): {
    readonly gradients: readonly Value[];
    readonly factors?: Value;
    readonly next?: StateValues;
  };
}

export type BalancerEntry<O extends Options = Options> =
  TotalBalancer<O> | FactorBalancer<O> | DirectionBalancer<O>;

type BalancerDefinition<O extends Options, P extends Declarations> =
  Definition<TotalBalancer<O>, P> | Definition<FactorBalancer<O>, P> | Definition<DirectionBalancer<O>, P>;

export function defineBalancer<const P extends Declarations>(
  definition: BalancerDefinition<OptionsOf<NoInfer<P>>, P>,
): BalancerEntry<OptionsOf<P>> {
  return { ...definition, kind: "balancer", parameters: listed(definition.parameters) };
}
