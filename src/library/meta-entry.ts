import type { Builder, Value } from "../tensor/index.js";
import type { Component, Entry, Options } from "./entry.js";

/** A weight that adapts to a task. */
export interface AdaptingWeight {
  readonly path: string;
  readonly shape: readonly number[];
}

/** Something that is learned beside the model's weights, by the outer optimizer. */
export interface LearnedSpec extends AdaptingWeight {
  readonly initial: number;
}

/** How far a task's weights go down its loss, and how. */
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

/** What a meta-learning algorithm sees of one task. */
export interface TaskContext {
  readonly b: Builder;
  readonly options: Options;
  readonly adapting: readonly (AdaptingWeight & { readonly value: Value })[];
  learned(path: string): Value;
  /** Meta-steps done and in all, float scalars. */
  readonly step: Value;
  readonly totalSteps: Value;
  /** The adapting weights after each step. */
  descend(descent: Descent): readonly (readonly Value[])[];
  /** Losses at these values of the adapting weights. */
  supportLoss(values: readonly Value[]): Value;
  queryLoss(values: readonly Value[]): Value;
}

export interface TaskOutcome {
  /** The query's loss after adaptation, to be reported. */
  readonly loss: Value;
  /** The scalar whose gradient moves the weights. */
  readonly objective: Value;
}

/** Learns weights from which a few steps of gradient descent on a task's support do well on its query. */
export interface GradientAlgorithm extends Entry {
  readonly kind: "algorithm";
  /** Which weights adapt where the spec does not say it. */
  readonly adapts: "all" | "head" | "body" | "context";
  /** The optimizer where the spec names none. */
  outer?(options: Options): Component;
  learned?(options: Options, adapting: readonly AdaptingWeight[]): readonly LearnedSpec[];
  /** How one step of adaptation moves each weight, for any number of steps; `step` counts from 0. */
  adaptation(
    context: Pick<TaskContext, "b" | "options" | "adapting" | "learned">,
  ): Omit<Descent, "steps" | "second">;
  meta(context: TaskContext): TaskOutcome;
}

export interface PlannedAlgorithm extends Entry {
  readonly kind: "algorithm";
  readonly notYet: true;
}

export type AlgorithmEntry = GradientAlgorithm | PlannedAlgorithm;
