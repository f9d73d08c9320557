import { call, render } from "./layout.js";
import { docComment } from "./literals.js";
import { emitModule, startOf, usedPrograms, type ModuleEngine, type ModuleParts } from "./module.js";
import { printTfjsProgram } from "./program.js";

const tfjs: ModuleEngine = {
  imports: 'import { createTfjsSession, kernels, startTfjs, type TfjsProgram } from "nnspec/runtime/tfjs";\n',
  programType: "TfjsProgram",
  print: printTfjsProgram,
  create(parts) {
    const doc = `Starts the model: its weights begin as the seed says (${parts.descriptor.train.seed} by default). The backend is one that is\nregistered with tfjs; in Node it is wasm by default.`;
    const session = render(
      call("createTfjsSession", ["tf", `{ ${usedPrograms(parts).join(", ")} }`]),
      "  ",
      18,
    );
    const { start, model } = startOf(parts);
    return `${docComment(doc)}export async function createModel(options: { seed?: number; backend?: string } = {}): Promise<${model}<Types>> {
  checkStart(options, "seed", "backend");
  const tf = await startTfjs(options.backend);
  const session = ${session};
  return ${start}<Types>(descriptor, session, options);
}
`;
  },
};

/** A typed training module that runs on @tensorflow/tfjs and `nnspec/runtime/tfjs`. */
export function emitTfjsModule(parts: ModuleParts): string {
  return emitModule(parts, tfjs);
}
