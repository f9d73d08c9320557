import { planProgram } from "../../backends/wasm/plan.js";
import { groups } from "../../runtime/wasm/kernels.generated.js";
import { isLoop, type Call } from "../../runtime/wasm/plan.js";
import { docComment, stringLiteral } from "./literals.js";
import { moduleHead, printDescriptor, programTexts, usedPrograms, type ModuleParts } from "./module.js";
import { runtime } from "./runtime.generated.js";
import { printWasmProgram } from "./wasm-program.js";

/** A JavaScript module without any import: the model, the runtime, and the kernels that it calls. */
export function emitStandaloneModule(parts: ModuleParts): string {
  const programs = usedPrograms(parts);
  const { seed } = parts.descriptor.train;
  return [
    moduleHead(parts),
    "\n",
    printDescriptor(parts.descriptor, "const descriptor"),
    ...programTexts(parts, { print: printWasmProgram }, (name) => `const ${name}`),
    docComment(
      `Starts the model: its weights begin as the seed says (${seed} by default).\n@param {{ seed?: number }} [options]`,
    ),
    "export async function createModel(options = {}) {\n",
    `  const session = await startWasmOn(kernels, { ${programs.join(", ")} });\n`,
    "  return startModel(descriptor, session, options);\n}\n\n",
    docComment("The kernels that the programs call, compiled: without and with relaxed SIMD."),
    `const kernels = {\n${kernelTexts(parts).join("")}};\n\n`,
    "// The runtime of nnspec.\n",
    `${runtime}\n`,
    "const { argument, constant, float, result, room, scratch, startModel, startWasmOn, state, temporary } = nnspec;\n",
  ].join("");
}

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
