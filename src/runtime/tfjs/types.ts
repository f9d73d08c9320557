import type * as tfjs from "@tensorflow/tfjs";

/** The tfjs module, which the caller loads: nothing here imports it at run time. */
export type Tf = typeof tfjs;
export type Tensor = tfjs.Tensor;

export interface TfjsInput {
  readonly name: string;
  readonly kind: "state" | "argument";
  readonly dtype: "float" | "int" | "bool";
  /** The shape at a batch. */
  readonly shape: (batch: number) => number[];
}

export interface TfjsOutput {
  readonly name: string;
  readonly kind: "state" | "result";
}

/** A program as tfjs calls: what the in-process engine prepares and what a generated module holds as text. */
export interface TfjsProgram {
  readonly inputs: readonly TfjsInput[];
  readonly outputs: readonly TfjsOutput[];
  /** Leaves the inputs alone; the outputs are the caller's to dispose, and none is an input or another output. */
  readonly run: TfjsBody;
}

export type TfjsBody = (tf: Tf, inputs: readonly Tensor[], batch: number) => Tensor[];
