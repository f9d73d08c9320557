import { docComment } from "./literals.js";
import { emitModule, startOf, usedPrograms, type ModuleEngine, type ModuleParts } from "./module.js";
import { printSplit, threadsDoc } from "./threads.js";
import { printWasmProgram } from "./wasm-program.js";

function wasmEngine(imports: readonly string[], create: ModuleEngine["create"]): ModuleEngine {
  const names = [
    "argument",
    "constant",
    "defineProgram",
    "float",
    "result",
    "room",
    "scratch",
    "state",
    "temporary",
    "type WasmProgram",
    ...imports,
  ];
  const byName = (name: string) => name.replace("type ", "").toLowerCase();
  names.sort((a, b) => (byName(a) < byName(b) ? -1 : 1));
  return {
    imports: `import {\n${names.map((name) => `  ${name},\n`).join("")}} from "nnspec/runtime/wasm";\n`,
    programType: "WasmProgram",
    print: (program, origins) => `defineProgram(${printWasmProgram(program, origins)})`,
    create,
  };
}

const single = wasmEngine(["startWasm"], (parts) => {
  const doc = `Starts the model: its weights begin as the seed says (${parts.descriptor.train.seed} by default).`;
  const { start, model } = startOf(parts);
  return `${docComment(doc)}export async function createModel(options: { seed?: number } = {}): Promise<${model}<Types>> {
  checkStart(options, "seed");
  return ${start}<Types>(descriptor, await startWasm({ ${usedPrograms(parts).join(", ")} }), options);
}
`;
});

const threaded = wasmEngine(["startThreadedWasm", "type Split"], (parts) => {
  const { seed, batch } = parts.descriptor.train;
  return `${printSplit(parts, "const split: Split | string")}${docComment(threadsDoc(seed))}export async function createModel(
  options: { seed?: number; threads?: number } = {},
): Promise<Model<Types>> {
  checkStart(options, "seed", "threads");
  const programs = { ${usedPrograms(parts).join(", ")} };
  const { threads } = options;
  const session = await startThreadedWasm(programs, split, { threads, batch: ${JSON.stringify(batch)} });
  return startModel<Types>(descriptor, session, options);
}
`;
});

/** A typed training module that runs on nnspec's own WebAssembly kernels and imports `nnspec/runtime/wasm`. */
export function emitWasmModule(parts: ModuleParts): string {
  const text = emitModule(parts, parts.threads === true ? threaded : single);
  const called = new Set(text.replaceAll(/^ *\/\/.*$/gm, "").match(/\w+(?=\()/g));
  // Names that no program uses would be unused imports.
  return text.replaceAll(
    /^ {2}(argument|constant|float|result|room|scratch|state|temporary),\n/gm,
    (line, name: string) => (called.has(name) ? line : ""),
  );
}
