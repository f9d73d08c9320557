import { adaptingWeights, gradientAlgorithm } from "../document/adapting.js";
import type { ModelDocument } from "../document/types.js";
import { elementCount } from "../runtime/tensor.js";

/** What the inner loop of a `meta` section takes, in a line; none where there is no such loop. */
export async function innerLoopCost(document: ModelDocument): Promise<string[]> {
  const { meta } = document;
  const algorithm = meta && gradientAlgorithm(meta);
  if (!meta || !algorithm) return [];
  const [{ memoryOf }, { planProgram }, { lowerMeta }, { groups }, { loadKernels }] = await Promise.all([
    import("../backends/wasm/counts.js"),
    import("../backends/wasm/plan.js"),
    import("../phases/5-lower/meta/programs.js"),
    import("../runtime/wasm/kernels.generated.js"),
    import("../runtime/wasm/kernels.js"),
  ]);
  const { gradients } = lowerMeta({ ...document, meta });
  const { arena } = memoryOf(planProgram(gradients), 1, (await loadKernels(groups)).functions);
  const number = (n: number) => n.toLocaleString("en-US");
  const adapting = adaptingWeights(document, meta).reduce((sum, { shape }) => sum + elementCount(shape), 0);
  const { inner_steps: steps, unroll } = meta.algorithm.options;
  const how = unroll === undefined ? "" : unroll === false ? " in a loop" : ", unrolled";
  return [
    `\`${algorithm.name}\` adapts ${number(adapting)} numbers in ${Number(steps)} inner step${steps === 1 ? "" : "s"}${how}: a task takes ${number(arena)} bytes at once.`,
  ];
}
