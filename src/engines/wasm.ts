import { planProgram } from "../backends/wasm/plan.js";
import type { Session } from "../runtime/session.js";
import { startWasm, type WasmOptions } from "../runtime/wasm/index.js";
import { plannedProgram } from "../runtime/wasm/planned.js";
import { withoutThreads } from "../runtime/wasm/threads-note.js";
import type { Split } from "../runtime/wasm/threads-split.js";
import type { Program, ProgramInput, ProgramOutput } from "../tensor/program.js";

export interface WasmEngineOptions extends WasmOptions {
  /** Over how many threads a training step is split, where the host allows it; 1 by default. */
  readonly threads?: number | undefined;
  /** The rows of a usual batch: more threads than these have nothing to do. */
  readonly batch?: number | "full" | undefined;
}

/** More workers than any batch is worth are not started. */
const MOST_THREADS = 64;

/** Runs programs on our own WebAssembly kernels. */
export async function createWasmEngineSession(
  programs: Readonly<Record<string, Program>>,
  options: WasmEngineOptions = {},
): Promise<Session> {
  const { threads = 1 } = options;
  const threaded = threads > 1 ? await startOnThreads(programs, threads, options) : undefined;
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
async function startOnThreads(
  programs: Readonly<Record<string, Program>>,
  wanted: number,
  { variant, batch = "full" }: WasmEngineOptions,
): Promise<Session | string> {
  const { startThreads, threadless } = await import("../runtime/wasm/threads.js");
  const { step: _step, gradients: _gradients, ...others } = programs;
  const split = threadless() ?? splitOf(programs);
  if (typeof split === "string") return split;
  const threads = Math.min(wanted, batch === "full" ? wanted : batch, MOST_THREADS);
  if (threads === 1) return "a batch has one row";
  const why = threads === batch ? `a batch has ${batch} rows` : "there are never more";
  const fewer = threads < wanted ? why : undefined;
  try {
    return await startThreads(planned(others), split, { threads, variant, fewer });
  } catch (error) {
    return `a worker did not start (${error instanceof Error ? error.message : String(error)})`;
  }
}

/** What the programs of a model say of how a step is split, or why it cannot be. */
function splitOf({ init, gradients, update }: Readonly<Record<string, Program>>): Split | string {
  if (!init || !gradients || !update) return "there are no programs to split a step with";
  const begun = new Set(statesIn(init.outputs));
  const written = statesIn(gradients.outputs);
  const accumulators = written.filter((name) => !begun.has(name));
  // What waits for an update is the model's own state, and begins with the rest of it, only where batches share a step.
  if (accumulators.length === 0) return "a step is made of several batches already";
  const moved = written.filter((name) => begun.has(name));
  const shared = new Set([...statesIn(gradients.inputs).filter((name) => begun.has(name)), ...moved]);
  return { gradients: planProgram(gradients), shared: [...shared], accumulators, moved };
}

function statesIn(all: readonly (ProgramInput | ProgramOutput)[]): string[] {
  return all.filter(({ kind }) => kind === "state").map(({ name }) => name);
}
