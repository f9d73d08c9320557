import type { HostTensor } from "./tensor.js";

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
  /** The names of the state that is there now. */
  stateNames(): string[];
  /** A copy of one state tensor, at once: saving needs no waiting. */
  read(name: string): HostTensor;
  write(name: string, tensor: HostTensor): void;
  dispose(): void;
}
