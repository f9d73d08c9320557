import { groups } from "./kernels.generated.js";
import { startWasmOn, type WasmOptions } from "./start.js";
import type { WasmProgram } from "./program.js";
import type { Session } from "../session.js";
import { besideUs as worker } from "./threads-worker.js";
import type { Split } from "./threads-split.js";

export type { Split, WasmOptions };
export {
  argument,
  constant,
  defineProgram,
  float,
  result,
  room,
  scratch,
  state,
  temporary,
  type WasmProgram,
} from "./program.js";

/** Starts all kernels and places programs in their memory. */
export function startWasm(
  programs: Readonly<Record<string, WasmProgram>>,
  options: WasmOptions = {},
): Promise<Session> {
  return startWasmOn(groups, programs, options);
}

export interface ThreadedOptions extends WasmOptions {
  /** Over how many threads a training step is split: 1 by default. */
  readonly threads?: number | undefined;
  /** The rows of a usual batch, which limit the number of threads. */
  readonly batch: number | "full";
}

/**
 * Starts all kernels and a model's programs, its steps split over threads as `split` says, or why they cannot be.
 * Where there are fewer threads than wanted, the session's `engine` says why. Throws an InputError where the number
 * of threads is none.
 */
export async function startThreadedWasm(
  programs: Readonly<Record<string, WasmProgram>>,
  split: Split | string,
  { threads = 1, batch, variant }: ThreadedOptions,
): Promise<Session> {
  const { startThreadedOn } = await import("./threads-start.js");
  return startThreadedOn(programs, split, { threads, batch, variant, groups, worker });
}
