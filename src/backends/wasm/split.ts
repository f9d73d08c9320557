import { barePlan } from "../../runtime/wasm/plan.js";
import type { Split } from "../../runtime/wasm/threads-split.js";
import type { Program, ProgramInput, ProgramOutput } from "../../tensor/program.js";
import { planProgram } from "./plan.js";

/** What the programs of a model say of how a step is split over threads, or why it cannot be. */
export function splitStep({
  init,
  gradients,
  update,
}: Readonly<Partial<Record<string, Program>>>): Split | string {
  if (!init || !gradients || !update) return "there are no programs to split a step with";
  const begun = new Set(statesIn(init.outputs));
  const written = statesIn(gradients.outputs);
  const accumulators = written.filter((name) => !begun.has(name));
  // Only where several batches make a step does `init` begin the accumulators, as state of the model.
  if (accumulators.length === 0) return "a step is made of several batches already";
  const moved = written.filter((name) => begun.has(name));
  const shared = new Set([...statesIn(gradients.inputs).filter((name) => begun.has(name)), ...moved]);
  return { gradients: barePlan(planProgram(gradients)), shared: [...shared], accumulators, moved };
}

function statesIn(all: readonly (ProgramInput | ProgramOutput)[]): string[] {
  return all.filter(({ kind }) => kind === "state").map(({ name }) => name);
}
