// What a step costs, without a clock: calls of kernels, operations, bytes and memory. `npm run bench -- --counts` prints it,
// `--counts --update` writes bench/counts.json, which test/bench/counts.test.ts holds it against.
import { models } from "./models.mjs";

/** Of every model, at its batch; from the modules of dist, or from those of src in a test. */
export async function countModels({ compile, countsOf, groups, loadKernels, lowerModel, planProgram }) {
  const { functions } = await loadKernels(groups, "plain");
  const counted = Object.entries(models).map(([name, { spec, batch }]) => {
    const { document, diagnostics } = compile(spec);
    if (!document) throw new Error(`${name}: ${diagnostics.map((d) => d.message).join("; ")}`);
    const plan = planProgram(lowerModel(document).programs.step);
    const { calls, flops, bytes, memory } = countsOf(plan, batch, functions);
    const sorted = Object.fromEntries(Object.entries(calls).sort(([a], [b]) => (a < b ? -1 : 1)));
    const total = Object.values(calls).reduce((a, b) => a + b, 0);
    return [name, { batch, calls: total, kernels: sorted, flops, bytes, memory }];
  });
  return Object.fromEntries(counted);
}
