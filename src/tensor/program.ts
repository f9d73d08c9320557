import type { BatchDimension, Shape } from "./dimension.js";

/** `float` is float64 on the reference engine and float32 elsewhere; `int` is int32; `bool` is 0 or 1. */
export type DType = "float" | "int" | "bool";

export interface TensorType {
  readonly dtype: DType;
  readonly shape: Shape;
}

/**
 * A value of a program; `id` is its place in the table of types. An object, so that where a value or a plain
 * number may stand (`ops.mul(b, x, 0.5)`) the number can only be a scalar. Two objects with one id are one value.
 */
export interface Value {
  readonly id: number;
}

export type Attribute =
  | number
  | boolean
  | string
  | BatchDimension
  | Shape
  | readonly number[]
  | readonly (readonly number[])[]
  | Program
  | null;

/** One application of a primitive. Operations stand in an order in which they can run. */
export interface Operation {
  readonly primitive: string;
  readonly inputs: readonly Value[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** One, save for `scan`. */
  readonly outputs: readonly Value[];
  /** The id of the model document's node (or task) that it came from. */
  readonly origin?: string;
  /** Made by differentiation. */
  readonly adjoint?: true;
}

/**
 * Where a program's input comes from: `state` is kept by the engine between calls
 * (weights, optimizer slots, batch-norm statistics), `argument` is given at each call.
 */
export interface ProgramInput {
  readonly name: string;
  readonly kind: "state" | "argument";
  readonly value: Value;
}

/** A `state` output replaces the state of that name when the call ends; a `result` goes to the caller. */
export interface ProgramOutput {
  readonly name: string;
  readonly kind: "state" | "result";
  readonly value: Value;
}

/** Static single assignment: every value is an input or the output of one earlier operation. */
export interface Program {
  readonly name: string;
  readonly inputs: readonly ProgramInput[];
  readonly operations: readonly Operation[];
  readonly outputs: readonly ProgramOutput[];
  /** Indexed by a value's `id`. */
  readonly types: readonly TensorType[];
}
