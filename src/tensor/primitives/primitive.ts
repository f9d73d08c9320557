import type { HostTensor } from "../../runtime/tensor.js";
import type { Attributes, Builder } from "../emitter.js";
import { sameShape, showShape, type Shape } from "../dimension.js";
import type { DType, Operation, Program, TensorType, Value } from "../program.js";

/** What the evaluation of a primitive may need beside its inputs. */
export interface EvaluateContext {
  /** B. */
  readonly batch: number;
  /** Runs the body of a loop. */
  run(body: Program, inputs: readonly HostTensor[]): HostTensor[];
}

/** One use of a primitive at a known batch. */
export interface Work {
  readonly inputs: readonly (readonly number[])[];
  readonly outputs: readonly (readonly number[])[];
  readonly attributes: Attributes;
  /** B. */
  readonly batch: number;
  /** What one run of a loop's body takes. */
  inBody(body: Program): number;
}

export type MaybeValue = Value | undefined;

/**
 * A primitive's meaning: everything about it that is no matter of an engine.
 * `infer` throws a plain Error on misuse. `evaluate` is the oracle, in float64.
 * `gradient` is written in primitives; `needed` says for which inputs it is asked, the rest may be undefined.
 */
export interface Primitive extends Facts {
  readonly name: string;
  readonly doc: string;
  infer(inputs: readonly TensorType[], attributes: Attributes): TensorType[];
  evaluate(inputs: readonly HostTensor[], attributes: Attributes, context: EvaluateContext): HostTensor[];
  gradient(
    b: Builder,
    op: Operation,
    outputGradients: readonly MaybeValue[],
    needed: readonly boolean[],
  ): MaybeValue[];
  /** How often it multiplies two numbers and adds the product to a sum; left out where it does not. */
  multiplyAdds?(work: Work): number;
  /** It has no gradient to any input, by nature (comparisons) or by intent (detach). */
  readonly constant?: true;
}

/** What those who rewrite programs, or group operations, have to know of a primitive. */
export interface Facts {
  /** Each element of the result is a function of the operands' elements at its place, where operands are as large. */
  readonly elementwise?: true;
  /** Operands of several shapes broadcast to that of the result. */
  readonly broadcasts?: true;
  /** A loop's gradient had better keep its values than compute them again. */
  readonly costly?: true;
  /** Of a number in memory and a constant it costs less than to write its result and read it again. */
  readonly cheap?: true;
  /** It costs less to compute wherever it is read than to keep: masks, counters, sizes. */
  readonly repeated?: true;
  /** Two operations of it are never merged, though they look the same. */
  readonly distinct?: true;
  /** It stays where its operands are constants: the result would be larger, or is no matter of arithmetic. */
  readonly unfolded?: true;
  /** Its operand is an index that may lie outside of what it reads or writes. */
  readonly checksIndices?: true;
  /** The operand that changes nothing, and the sides on which it may stand. */
  readonly neutral?: { readonly value: number; readonly sides: readonly (0 | 1)[] };
  /** Applied twice it gives back its operand. */
  readonly involution?: true;
}

/** The same with more facts. */
export function withFacts(primitive: Primitive, facts: Facts): Primitive {
  return { ...primitive, ...facts };
}

/** The gradient of a primitive through which none flows. */
export function noGradient(): MaybeValue[] {
  return [];
}

/** Exactly this many, as a tuple. */
export function take1<T>(all: readonly T[]): [T] {
  if (all.length !== 1) throw new Error(`takes 1 input, not ${all.length}`);
  return [all[0]!];
}

export function take2<T>(all: readonly T[]): [T, T] {
  if (all.length !== 2) throw new Error(`takes 2 inputs, not ${all.length}`);
  return [all[0]!, all[1]!];
}

export function take0(all: readonly unknown[]): void {
  if (all.length !== 0) throw new Error(`takes no inputs, not ${all.length}`);
}

export function wantDtype(type: TensorType, ...allowed: DType[]): void {
  if (!allowed.includes(type.dtype)) throw new Error(`takes ${allowed.join(" or ")}, not ${showType(type)}`);
}

export function wantShape(type: TensorType, shape: Shape): void {
  if (!sameShape(type.shape, shape))
    throw new Error(`wants shape ${showShape(shape)}, not ${showType(type)}`);
}

export function wantRank(type: TensorType, rank: number): void {
  if (type.shape.length !== rank) throw new Error(`takes rank ${rank}, not ${showType(type)}`);
}

export function showType(type: TensorType): string {
  return `${type.dtype}${showShape(type.shape)}`;
}
