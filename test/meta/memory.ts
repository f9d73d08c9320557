import { memoryOf } from "../../src/backends/wasm/counts.js";
import { planProgram } from "../../src/backends/wasm/plan.js";
import type { ModelDocument } from "../../src/index.js";
import { ModelAnalysis } from "../../src/model/analysis.js";
import { lowerMeta } from "../../src/phases/5-lower/meta/programs.js";
import { groups } from "../../src/runtime/wasm/kernels.generated.js";
import { loadKernels } from "../../src/runtime/wasm/kernels.js";

/** Bytes that one task of a meta-step takes in the wasm engine's arena. */
export async function arenaOf(document: ModelDocument): Promise<number> {
  const { gradients } = lowerMeta(new ModelAnalysis({ ...document, meta: document.meta! }));
  const { functions } = await loadKernels(groups, "plain");
  return memoryOf(planProgram(gradients), 1, functions).arena;
}
