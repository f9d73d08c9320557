import type { ModelDocument } from "../../document/types.js";
import type { ModelDescriptor } from "../../runtime/descriptor.js";
import type { Program } from "../../tensor/program.js";
import { call, object, render, type Doc } from "./layout.js";
import { dataLiteral, docComment, propertyName } from "./literals.js";
import { describeOrigins } from "./origins.js";
import { printTfjsProgram } from "./program.js";
import { printTypes } from "./types.js";

/** What a module is made of. */
export interface ModuleParts {
  readonly document: ModelDocument;
  readonly descriptor: ModelDescriptor;
  readonly programs: Readonly<Record<string, Program>>;
  /** The spec's file name, for the head of the module. */
  readonly source: string;
}

/** A typed training module that runs on @tensorflow/tfjs and `nnspec/runtime/tfjs`. */
export function emitTfjsModule(parts: ModuleParts): string {
  const { document, descriptor, source } = parts;
  const used = usedPrograms(parts);
  const types = printTypes(descriptor, docsOf(document));
  const origins = describeOrigins(document);
  const runtime = [
    "ClassPrediction",
    "ClassRow",
    "ClassRows",
    "NumberRows",
    "RowPrediction",
    "ValuePrediction",
  ].filter((name) => new RegExp(`\\b${name}\\b`).test(types));
  const head = `${document.doc === undefined ? "" : `${document.doc}\n\n`}Made by nnc from ${source}; to change it, change that and compile again.`;
  return [
    docComment(head),
    'import { startModel, type Model, type ModelDescriptor } from "nnspec/runtime";\n',
    runtime.length === 0 ? "" : `import type { ${runtime.join(", ")} } from "nnspec/runtime";\n`,
    'import { createTfjsSession, kernels, startTfjs, type TfjsProgram } from "nnspec/runtime/tfjs";\n\n',
    types,
    "\n",
    docComment("What the runtime knows of the model: fields, transforms, training settings, weights."),
    `const descriptor: ModelDescriptor = ${printDescriptor(descriptor)};\n\n`,
    ...used.map(
      ([name, program]) =>
        `${docComment(programDocs[name]!)}const ${name}: TfjsProgram = ${printTfjsProgram(program, origins)};\n\n`,
    ),
    printCreate(
      descriptor,
      used.map(([name]) => name),
    ),
  ].join("");
}

const programDocs: Readonly<Record<string, string>> = {
  init: "How everything begins: weights from their initializers, optimizer slots at zero.",
  step: "One training step: forward pass, losses, gradients, and every optimizer's update.",
  gradients: "Adds one batch's gradients to those that wait for `update`.",
  update: "Moves the weights by the mean of the gradients that wait.",
  predict: "The tasks' outputs.",
  evaluate: "Summed losses and outputs, from which the losses and metrics of a whole part are made.",
};

/** Gradients and update stand apart only where several batches make one step. */
function usedPrograms({ descriptor, programs }: ModuleParts): [string, Program][] {
  const training = descriptor.train.accumulate > 1 ? ["gradients", "update"] : ["step"];
  return ["init", ...training, "predict", "evaluate"].map((name) => [name, programs[name]!]);
}

function docsOf({ inputs, tasks }: ModelDocument): ReadonlyMap<string, string> {
  return new Map([...inputs, ...tasks].flatMap((d) => (d.doc === undefined ? [] : [[d.name, d.doc]])));
}

/** The descriptor with a line for each field, task and weight. */
function printDescriptor(descriptor: ModelDescriptor): string {
  const entries = Object.entries(descriptor).map(([key, value]): [string, Doc] => [
    propertyName(key),
    rowsOf.has(key) ? opened(dataLiteral(value)) : dataLiteral(value),
  ]);
  return render(opened(object(entries)), "", 0);
}

const rowsOf = new Set(["inputs", "tasks", "weights"]);

/** Broken even where it would fit in a line. */
function opened(doc: Doc): Doc {
  if (typeof doc === "string" || "lines" in doc) return doc;
  return { ...doc, fill: false, spaced: true, broken: true };
}

function printCreate(descriptor: ModelDescriptor, programs: readonly string[]): string {
  const doc = `Starts the model: its weights begin as the seed says (${descriptor.train.seed} by default). The backend is one that is\nregistered with tfjs; in Node it is wasm by default.`;
  return `${docComment(doc)}export async function createModel(options: { seed?: number; backend?: string } = {}): Promise<Model<Types>> {
  const tf = await startTfjs(options.backend);
  const session = ${render(call("createTfjsSession", ["tf", `{ ${programs.join(", ")} }`]), "  ", 18)};
  return startModel<Types>(descriptor, session, options);
}
`;
}
