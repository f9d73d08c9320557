import type { Session } from "../session.js";
import { loadKernels, type KernelGroups, type Variant } from "./kernels.js";
import type { WasmProgram } from "./program.js";
import { createWasmSession } from "./session.js";

export interface WasmOptions {
  /** Relaxed SIMD where the host has it, unless said otherwise. */
  readonly variant?: Variant | undefined;
}

/** Starts kernels and places programs in their memory. */
export async function startWasmOn(
  groups: KernelGroups,
  programs: Readonly<Record<string, WasmProgram>>,
  { variant }: WasmOptions = {},
): Promise<Session> {
  return createWasmSession(await loadKernels(groups, variant), programs);
}
