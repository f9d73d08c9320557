import { planProgram } from "../backends/wasm/plan.js";
import type { Session } from "../runtime/session.js";
import { startWasm, type WasmOptions } from "../runtime/wasm/index.js";
import { plannedProgram } from "../runtime/wasm/planned.js";
import type { Program } from "../tensor/program.js";

/** Runs programs on our own WebAssembly kernels. */
export async function createWasmEngineSession(
  programs: Readonly<Record<string, Program>>,
  options: WasmOptions = {},
): Promise<Session> {
  const planned = Object.entries(programs).map(
    ([name, program]) => [name, plannedProgram(planProgram(program))] as const,
  );
  return startWasm(Object.fromEntries(planned), options);
}
