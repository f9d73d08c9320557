import { planProgram } from "../backends/wasm/plan.js";
import type { Session } from "../runtime/session.js";
import { loadKernels, type Variant } from "../runtime/wasm/kernels.js";
import { plannedProgram } from "../runtime/wasm/planned.js";
import { createWasmSession } from "../runtime/wasm/session.js";
import type { Program } from "../tensor/program.js";

export interface WasmEngineOptions {
  /** Relaxed SIMD where the host has it, unless said otherwise. */
  readonly variant?: Variant;
}

/** Runs programs on our own WebAssembly kernels. */
export async function createWasmEngineSession(
  programs: Readonly<Record<string, Program>>,
  { variant }: WasmEngineOptions = {},
): Promise<Session> {
  const planned = Object.entries(programs).map(
    ([name, program]) => [name, plannedProgram(planProgram(program))] as const,
  );
  return createWasmSession(await loadKernels(variant), Object.fromEntries(planned));
}
