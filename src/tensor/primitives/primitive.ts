import type { HostTensor } from "../../runtime/tensor.js";
import type { Attributes, Builder } from "../emitter.js";
import type { Application, Count, Operands, Signature } from "../signature.js";
import { sameShape, showShape, type Shape } from "../dimension.js";
import type { DType, Operation, Program, TensorType, Value } from "../program.js";

/** What the evaluation of a primitive may need beside its inputs. */
export interface EvaluateContext {
  /** B. */
  readonly batch: number;
  /** Runs the body of a loop. */
  run(body: Program, inputs: readonly HostTensor[]): HostTensor[];
}

/** The shapes of one use of a primitive at a known batch. */
export interface Work<Inputs = readonly (readonly number[])[], A = Attributes> {
  readonly inputs: Inputs;
  /** The shape of its first result. */
  readonly output: readonly number[];
  readonly attributes: A;
  /** B. */
  readonly batch: number;
  /** The multiply-adds of one run of a loop's body. */
  inBody(body: Program): number;
}

export type MaybeValue = Value | undefined;

/**
 * A primitive's meaning: everything about it that is the same on every engine.
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
  ): readonly MaybeValue[];
  /** How often it multiplies two numbers and adds the product to a sum; left out where it does not. */
  multiplyAdds?(work: Work): number;
  /** It has no gradient to any input, by nature (comparisons) or by intent (detach). */
  readonly constant?: true;
}

/** A primitive whose operands and attributes have types. */
export interface TypedPrimitive<N extends Count, A extends Attributes> extends Primitive {
  readonly signature: Signature<N, A>;
}

/** The meaning of a primitive of one result, in the types of its signature. */
export interface Definition<N extends Count, A extends Attributes> extends Facts {
  readonly doc: string;
  infer(inputs: Operands<N, TensorType>, attributes: A): TensorType;
  evaluate(inputs: Operands<N, HostTensor>, attributes: A, context: EvaluateContext): HostTensor;
  /** Left out where there is none. */
  gradient?(
    b: Builder,
    application: Application<N, A>,
    g: Value,
    needed: Operands<N, boolean>,
  ): readonly MaybeValue[];
  multiplyAdds?(work: Work<Operands<N, readonly number[]>, A>): number;
}

export function definePrimitive<N extends Count, A extends Attributes>(
  signature: Signature<N, A>,
  { infer, evaluate, gradient, multiplyAdds, ...stated }: Definition<N, A>,
): TypedPrimitive<N, A> {
  return {
    ...stated,
    name: signature.name,
    signature,
    infer: (inputs, attributes) => [infer(signature.operands(inputs), signature.attributes(attributes))],
    evaluate: (inputs, attributes, context) => [
      evaluate(signature.operands(inputs), signature.attributes(attributes), context),
    ],
    gradient: (b, op, [g], needed) =>
      g === undefined || gradient === undefined
        ? []
        : gradient(b, signature.read(op), g, signature.operands(needed)),
    ...(gradient === undefined ? { constant: true } : {}),
    ...(multiplyAdds && {
      multiplyAdds: ({ inputs, attributes, ...work }) =>
        multiplyAdds({
          ...work,
          inputs: signature.operands(inputs),
          attributes: signature.attributes(attributes),
        }),
    }),
  };
}

/** What those who rewrite programs, or group operations, have to know of a primitive. */
export interface Facts {
  /** Each element of the result is a function of the operands' elements at its place, where operands are as large. */
  readonly elementwise?: true;
  /** Operands of several shapes broadcast to that of the result. */
  readonly broadcasts?: true;
  /** So costly that a loop's gradient keeps its values from step to step and does not compute them again. */
  readonly costly?: true;
  /** Computing it again from one value in memory and constants costs less than storing and loading its result. */
  readonly cheap?: true;
  /** So cheap that it is computed wherever it is read and its result is not stored: masks, counters, sizes. */
  readonly repeated?: true;
  /** Two operations of it are never merged, though they look the same. */
  readonly distinct?: true;
  /** Not computed at compile time though its operands are constants: the result would be larger, or it is no arithmetic. */
  readonly unfolded?: true;
  /** Its operand is an index that may lie outside of what it reads or writes. */
  readonly checksIndices?: true;
  /** The operand that changes nothing, and the sides on which it may stand. */
  readonly neutral?: { readonly value: number; readonly sides: readonly (0 | 1)[] };
  /** Applied twice it gives back its operand. */
  readonly involution?: true;
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
