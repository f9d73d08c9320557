import { countModels } from "../counts.mjs";

/** The counts of what dist makes of the models. */
export async function countDist() {
  const [compiling, planning, counting, kernels, generated] = await Promise.all(
    [
      "compile.js",
      "backends/wasm/plan.js",
      "backends/wasm/counts.js",
      "runtime/wasm/kernels.js",
      "runtime/wasm/kernels.generated.js",
    ].map((file) => import(new URL(`../../dist/src/${file}`, import.meta.url).href)),
  );
  return countModels({ ...compiling, ...planning, ...counting, ...kernels, ...generated });
}

export function printCounts(counts) {
  for (const [name, { batch, calls, kernels, flops, bytes, memory }] of Object.entries(counts)) {
    console.log(`\n${name}, a step at a batch of ${batch}`);
    console.log(
      `  ${calls} calls: ${Object.entries(kernels)
        .map(([kernel, n]) => `${kernel} ${n}`)
        .join(", ")}`,
    );
    console.log(`  ${flops.toLocaleString("en")} operations, ${bytes.toLocaleString("en")} bytes moved`);
    const { state, fixed, arena, live } = memory;
    console.log(
      `  memory in bytes: state ${state}, constants and code ${fixed}, arena ${arena} (live at once ${live})`,
    );
  }
}

const WANTED = 1.15;

/** A step's arena beside the most that lives at once in it. */
export function memoryTable(counts) {
  console.log("\nmemory of a step, in KB");
  return Object.entries(counts).map(([model, { batch, memory }]) => {
    const ratio = memory.arena / memory.live;
    const kilobytes = (n) => (n / 1024).toFixed(1).padStart(10);
    console.log(
      `  ${model.padEnd(12)} batch ${String(batch).padStart(3)}  arena ${kilobytes(memory.arena)}  live at once ${kilobytes(memory.live)}  x ${ratio.toFixed(3)}  (${ratio <= WANTED ? "met" : "MISSED"}: ${WANTED})  state ${kilobytes(memory.state)}`,
    );
    return { model, batch, ...memory, ratio, met: ratio <= WANTED };
  });
}
