import { planProgram } from "../../backends/wasm/plan.js";
import { groups } from "../../runtime/wasm/kernels.generated.js";
import { isLoop, type Call } from "../../runtime/wasm/plan.js";
import { docComment, stringLiteral } from "./literals.js";
import {
  moduleHead,
  printDescriptor,
  programTexts,
  startOf,
  usedPrograms,
  type ModuleParts,
} from "./module.js";
import { metaRuntime, runtime, threadedRuntime } from "./runtime.generated.js";
import { printSplit, threadsDoc } from "./threads.js";
import { printWasmProgram } from "./wasm-program.js";

/** A JavaScript module without any import: the model, the runtime, and the kernels that it calls. */
export function emitStandaloneModule(parts: ModuleParts): string {
  const threads = parts.threads === true;
  const meta = parts.descriptor.meta !== null;
  const { start } = startOf(parts);
  const names = ["argument", "constant", "float", "result", "room", "scratch", start, "state", "temporary"];
  return [
    moduleHead(parts),
    "\n",
    printDescriptor(parts.descriptor, "const descriptor"),
    ...programTexts(parts, { print: printWasmProgram }, (name) => `const ${name}`),
    threads ? createOnThreads(parts) : create(parts),
    docComment("The kernels that the programs call, compiled: without and with relaxed SIMD."),
    `const kernels = {\n${kernelTexts(parts).join("")}};\n\n`,
    "// The runtime of nnspec.\n",
    `${meta ? metaRuntime : threads ? threadedRuntime : runtime}\n`,
    `const { ${names.join(", ")} } = nnspec;\n`,
    threads ? SERVE : "",
    meta ? EPISODES : "",
  ].join("");
}

function create(parts: ModuleParts): string {
  const doc = `Starts the model: its weights begin as the seed says (${parts.descriptor.train.seed} by default).`;
  return `${docComment(`${doc}\n@param {{ seed?: number }} [options]`)}export async function createModel(options = {}) {
  nnspec.checkStart(options, "seed");
  const session = await nnspec.startWasmOn(kernels, { ${usedPrograms(parts).join(", ")} });
  return ${startOf(parts).start}(descriptor, session, options);
}

`;
}

function createOnThreads(parts: ModuleParts): string {
  const { seed, batch } = parts.descriptor.train;
  const doc = `${threadsDoc(seed)}\n@param {{ seed?: number, threads?: number }} [options]`;
  return `${printSplit(parts, "const split")}${docComment(doc)}export async function createModel(options = {}) {
  nnspec.checkStart(options, "seed", "threads");
  const { threads = 1 } = options;
  const session = await nnspec.startThreadedOn(
    { ${usedPrograms(parts).join(", ")} },
    split,
    { threads, batch: ${JSON.stringify(batch)}, groups: kernels, worker: nnspec.workerAt(import.meta.url) },
  );
  return startModel(descriptor, session, options);
}

`;
}

const EPISODES = `
/** Draw episodes of labelled rows: of some of their classes, or of a group of them. */
export const { classEpisodes, groupEpisodes } = nnspec;
`;

const SERVE = `
// As its own worker the module is a thread.
if (nnspec.isThread()) nnspec.serveThread(kernels);
`;

function kernelTexts(parts: ModuleParts): string[] {
  const used = new Set(
    usedPrograms(parts).flatMap((name) => kernelsOf(planProgram(parts.programs[name]!).calls)),
  );
  return Object.entries(groups).flatMap(([name, { kernels, plain, relaxed }]) => {
    if (!kernels.some((kernel) => used.has(kernel))) return [];
    const names = kernels.map(stringLiteral).join(", ");
    return [
      `  ${name}: {\n    kernels: [${names}],\n    plain: "${plain}",\n    relaxed: "${relaxed}",\n  },\n`,
    ];
  });
}

function kernelsOf(calls: readonly Call[]): string[] {
  return calls.flatMap((call) => (isLoop(call) ? kernelsOf(call.body) : [call.kernel]));
}
