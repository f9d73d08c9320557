import type { Attribute, Operation, Program, TensorType, Value } from "./program.js";

export type Attributes = Readonly<Record<string, Attribute>>;

/** What `ops` and gradients need: somewhere to put operations. */
export interface Emitter {
  /** Adds one application of a primitive with a single output. Throws where the primitive's shape rule refuses it. */
  emit(primitive: string, inputs: readonly Value[], attributes?: Attributes): Value;
  emitMany(primitive: string, inputs: readonly Value[], attributes?: Attributes): Value[];
  typeOf(v: Value): TensorType;
  /** A fresh builder for the body of a loop; it shares no values with this one. */
  child(name: string): Builder;
}

/** Builds one program. */
export interface Builder extends Emitter {
  /** An input that is given at each call. */
  argument(name: string, type: TensorType): Value;
  /** An input that the engine keeps between calls. */
  state(name: string, type: TensorType): Value;
  /** An output for the caller. */
  result(name: string, value: Value): void;
  /** An output that replaces the state of that name when the call ends. */
  update(name: string, value: Value): void;
  /** Operations emitted inside `fn` carry this origin. */
  withOrigin<T>(id: string | undefined, fn: () => T): T;
  /** d loss / d each of `wrt`; zeros where no path leads from one to the other. `loss` is a float scalar. */
  gradients(loss: Value, wrt: readonly Value[]): Value[];
  /** Vector-Jacobian product: the gradients of Σ seed·output, undefined where there is no path. */
  pullback(
    outputs: readonly Value[],
    seeds: readonly (Value | undefined)[],
    wrt: readonly Value[],
  ): (Value | undefined)[];
  /** Copies a program's operations, with these values for its inputs, and returns its outputs. */
  inline(program: Program, inputs: readonly Value[]): Value[];
  /** Gives the operation new attributes and further outputs, in its place, and returns the new outputs. */
  extend(operation: Operation, attributes: Attributes, furtherOutputs: readonly TensorType[]): Value[];
  /** Whether a loop's gradient had better keep the operation's values than compute them again. */
  isCostly(operation: Operation): boolean;
  /** The finished, verified program. */
  build(): Program;
}
