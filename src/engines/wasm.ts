import { planProgram } from "../backends/wasm/plan.js";
import { splitStep } from "../backends/wasm/split.js";
import type { Session } from "../runtime/session.js";
import { startWasm, type WasmOptions } from "../runtime/wasm/index.js";
import { groups } from "../runtime/wasm/kernels.generated.js";
import { plannedProgram } from "../runtime/wasm/planned.js";
import { withoutThreads } from "../runtime/wasm/threads-note.js";
import type { Program } from "../tensor/program.js";

export interface WasmEngineOptions extends WasmOptions {
  /** Over how many threads a training step is split, where the host allows it; 1 by default. */
  readonly threads?: number | undefined;
  /** The rows of a usual batch: more threads than these have nothing to do. */
  readonly batch?: number | "full" | undefined;
}

/** Runs programs on our own WebAssembly kernels. */
export async function createWasmEngineSession(
  programs: Readonly<Record<string, Program>>,
  options: WasmEngineOptions = {},
): Promise<Session> {
  const { threads = 1 } = options;
  const threaded = threads > 1 ? await onThreads(programs, threads, options) : undefined;
  if (threaded && typeof threaded !== "string") return threaded;
  const session = await startWasm(planned(programs), options);
  return threaded === undefined ? session : withoutThreads(session, threaded);
}

function planned(programs: Readonly<Record<string, Program>>) {
  return Object.fromEntries(
    Object.entries(programs).map(([name, program]) => [name, plannedProgram(planProgram(program))]),
  );
}

/** A session on several threads, or why there is none. Its code is loaded only where it is asked for. */
async function onThreads(
  programs: Readonly<Record<string, Program>>,
  threads: number,
  { variant, batch = "full" }: WasmEngineOptions,
): Promise<Session | string> {
  const { startOnThreads } = await import("../runtime/wasm/threads.js");
  const { besideUs: worker } = await import("../runtime/wasm/threads-worker.js");
  const { step: _step, gradients: _gradients, ...others } = programs;
  const options = { threads, batch, variant, groups, worker };
  return startOnThreads(planned(others), splitStep(programs), options);
}
