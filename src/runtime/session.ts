import { own } from "./own.js";
import type { HostTensor } from "./tensor.js";

export type Numbers = Float32Array | Float64Array | Int32Array;

export interface PreparedCall {
  /** To be written before every run: an engine may use their memory for something else meanwhile. */
  readonly arguments: Readonly<Record<string, Numbers>>;
  readonly results: Readonly<Record<string, Numbers>>;
  /** A promise where the engine has to be waited for. */
  run(): Promise<void> | undefined;
}

/** A result of a program by its name. Throws (a defect of ours) where the program gives no such. */
export function resultOf({ results }: Pick<PreparedCall, "results">, name: string): Numbers {
  const found = own(results, name);
  if (!found) throw new Error(`there is no result ${name}`);
  return found;
}

/**
 * A model's programs on one engine, with the state that they share (weights, optimizer slots, library state)
 * kept where the engine wants it. Arguments and results are host tensors.
 */
export interface Session {
  /** The engine and its backend, for messages: `tfjs (wasm)`. */
  readonly engine: string;
  /** `float64` for the reference engine, else `float32`. */
  readonly precision: "float32" | "float64";
  /**
   * Runs one program. `batch` is B. State outputs replace the state; results come back.
   * Throws (a defect of ours) if an argument is missing or has the wrong shape.
   */
  run(
    program: string,
    args: Readonly<Record<string, HostTensor>>,
    batch: number,
  ): Promise<Record<string, HostTensor>>;
  /**
   * Like `run`, but without creating tensors: one program at one batch, with arrays to write its arguments to and read its
   * results from. Valid until the session prepares or runs something else.
   */
  prepare(program: string, batch: number): PreparedCall;
  /** The names of the state that is there now. */
  stateNames(): string[];
  /** A copy of one state tensor, at once: saving needs no waiting. */
  read(name: string): HostTensor;
  write(name: string, tensor: HostTensor): void;
  dispose(): void;
}
