import { docComment } from "./literals.js";
import { emitModule, type ModuleEngine, type ModuleParts } from "./module.js";
import { printWasmProgram } from "./wasm-program.js";

const wasm: ModuleEngine = {
  imports: `import {
  argument,
  constant,
  defineProgram,
  float,
  result,
  room,
  scratch,
  startWasm,
  state,
  temporary,
  type WasmProgram,
} from "nnspec/runtime/wasm";
`,
  programType: "WasmProgram",
  print: (program, origins) => `defineProgram(${printWasmProgram(program, origins)})`,
  create(descriptor, programs) {
    const doc = `Starts the model: its weights begin as the seed says (${descriptor.train.seed} by default).`;
    return `${docComment(doc)}export async function createModel(options: { seed?: number } = {}): Promise<Model<Types>> {
  return startModel<Types>(descriptor, await startWasm({ ${programs.join(", ")} }), options);
}
`;
  },
};

/** A typed training module that runs on nnspec's own WebAssembly kernels and imports `nnspec/runtime/wasm`. */
export function emitWasmModule(parts: ModuleParts): string {
  const text = emitModule(parts, wasm);
  const code = text.replaceAll(/^ *\/\/.*$/gm, "");
  // Names that no program uses would be unused imports.
  return text.replaceAll(
    /^ {2}(argument|constant|float|result|room|scratch|state|temporary),\n/gm,
    (line, name: string) => (new RegExp(`\\b${name}\\(`).test(code) ? line : ""),
  );
}
