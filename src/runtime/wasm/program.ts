import type { KernelFunctions } from "./functions.js";

type DType = "float" | "int" | "bool";

/** A part of memory that a program uses, sized for a batch. Elements have four bytes. */
export interface WasmBuffer {
  /**
   * State stays between calls, under its name; arguments are written before a call, and results read after it;
   * temporaries share memory with whatever lives at other times; constants and code are the program's own.
   */
  readonly role: "state" | "argument" | "result" | "temporary" | "constant" | "code";
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** The first and last call that touches it. */
  readonly first: number;
  readonly last: number;
  readonly data?: readonly number[];
}

/** A program as calls of kernels: what the in-process engine makes of a plan and what a generated module holds as text. */
export interface WasmProgram<Names extends string = string> {
  readonly buffers: (B: number, k: KernelFunctions) => Readonly<Record<Names, WasmBuffer>>;
  /** The calls, for buffers that are `at` these addresses, all of those above; `words` is the memory. */
  bind(k: KernelFunctions, at: Readonly<Record<Names, number>>, B: number, words: Int32Array): BoundProgram;
}

/** A program as it is written, with its buffers' names checked. */
export function defineProgram<Names extends string>(program: WasmProgram<Names>): WasmProgram {
  return program;
}

export interface BoundProgram {
  /** The code that has to be written to memory before a run, with its addresses. */
  readonly code: readonly (readonly [address: number, words: ArrayLike<number>])[];
  /** Runs the calls; returns nonzero if an index was out of range. */
  readonly run: () => number;
}

export function state(name: string, dtype: DType, shape: readonly number[]): WasmBuffer {
  return { role: "state", name, dtype, shape, first: 0, last: 0 };
}

/** An argument's buffer; `last` is the last call that reads it. */
export function argument(name: string, dtype: DType, shape: readonly number[], last: number): WasmBuffer {
  return { role: "argument", name, dtype, shape, first: 0, last };
}

/** A result's buffer, written by call `first` and kept until `last`, the end. */
export function result(
  name: string,
  dtype: DType,
  shape: readonly number[],
  first: number,
  last: number,
): WasmBuffer {
  return { role: "result", name, dtype, shape, first, last };
}

export function temporary(shape: readonly number[], first: number, last: number): WasmBuffer {
  return { role: "temporary", name: "", dtype: "float", shape, first, last };
}

export function constant(dtype: DType, shape: readonly number[], data: readonly number[]): WasmBuffer {
  return { role: "constant", name: "", dtype, shape, first: 0, last: 0, data };
}

/** Memory of one call, of so many bytes. */
export function scratch(bytes: number | undefined, call: number): WasmBuffer {
  return temporary([Math.ceil((bytes ?? 0) / 4)], call, call);
}

/** A buffer for so many words of code. */
export function room(words: number): WasmBuffer {
  return { role: "code", name: "", dtype: "int", shape: [words], first: 0, last: 0 };
}

const view = new DataView(new ArrayBuffer(4));

/** The bits of a float32, as a word of code. */
export function float(value: number): number {
  view.setFloat32(0, value);
  return view.getInt32(0);
}
