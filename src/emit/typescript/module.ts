import { wordsOf } from "./words.js";
import type { ModelDocument } from "../../document/types.js";
import type { ModelDescriptor } from "../../runtime/descriptor.js";
import type { Program } from "../../tensor/program.js";
import { object, render, type Doc } from "./layout.js";
import { dataLiteral, docComment, propertyName } from "./literals.js";
import { describeOrigins, type Origins } from "./origins.js";
import { printTypes } from "./types.js";

/** What a module is made of. */
export interface ModuleParts {
  readonly document: ModelDocument;
  readonly descriptor: ModelDescriptor;
  readonly programs: Readonly<Record<string, Program>>;
  /** The spec's file name, for the head of the module. */
  readonly source: string;
  /** Whether its model can be started on several threads. */
  readonly threads?: boolean | undefined;
}

/** The parts of a module's text that depend on the engine. */
export interface ModuleEngine {
  /** The lines that import the engine. */
  readonly imports: string;
  /** The type of its programs. */
  readonly programType: string;
  print(program: Program, origins: Origins): string;
  /** The function that starts the model. */
  create(parts: ModuleParts): string;
}

/** The types of `nnspec/runtime` that a module may need. */
const RUNTIME_TYPES = [
  "ClassPrediction",
  "ClassRow",
  "ClassRows",
  "ColumnMetric",
  "NumberRows",
  "RowPrediction",
  "SomeRows",
  "ValuePrediction",
];

/** A typed training module that runs on one engine and imports `nnspec/runtime`. */
export function emitModule(parts: ModuleParts, engine: ModuleEngine): string {
  const { document, descriptor } = parts;
  const { start, model } = startOf(parts);
  const types = printTypes(descriptor, docsOf(document));
  const words = wordsOf(types);
  const used = RUNTIME_TYPES.filter((name) => words.has(name));
  return [
    moduleHead(parts),
    `import { ${["checkStart", start, `type ${model}`, "type ModelDescriptor"].join(", ")} } from "nnspec/runtime";\n`,
    used.length === 0 ? "" : `import type { ${used.join(", ")} } from "nnspec/runtime";\n`,
    engine.imports,
    "\n",
    types,
    "\n",
    printDescriptor(descriptor, "const descriptor: ModelDescriptor"),
    ...programTexts(parts, engine, (name) => `const ${name}: ${engine.programType}`),
    engine.create(parts),
  ].join("");
}

/** The names of the function that starts a module's model and of the model's type. */
export function startOf({ descriptor }: Pick<ModuleParts, "descriptor">) {
  return descriptor.meta
    ? ({ start: "startMetaModel", model: "MetaModel" } as const)
    : ({ start: "startModel", model: "Model" } as const);
}

/** The comment at the top of the module: the spec's doc comment, and where the module comes from. */
export function moduleHead({ document, source }: ModuleParts): string {
  const doc = document.doc === undefined ? "" : `${document.doc}\n\n`;
  return docComment(`${doc}Made by nnc from ${source}; to change it, change that and compile again.`);
}

/** Each program that the module runs, as a declaration that begins with `head`. */
export function programTexts(
  parts: ModuleParts,
  engine: Pick<ModuleEngine, "print">,
  head: (name: string) => string,
): string[] {
  const origins = describeOrigins(parts.document);
  const docs = parts.descriptor.meta ? { ...programDocs, ...metaDocs } : programDocs;
  return usedPrograms(parts).map(
    (name) =>
      `${docComment(docs[name]!)}${head(name)} = ${engine.print(parts.programs[name]!, origins)};\n\n`,
  );
}

const programDocs: Readonly<Record<string, string>> = {
  init: "How everything begins: weights from their initializers, optimizer slots at zero.",
  step: "One training step: forward pass, losses, gradients, and every optimizer's update.",
  gradients: "Adds one batch's gradients to those that wait for `update`.",
  update: "Moves the weights by the mean of the gradients that wait.",
  predict: "The tasks' outputs.",
  evaluate: "Summed losses and outputs, from which the losses and metrics of a whole part are made.",
};

const metaDocs: Readonly<Record<string, string>> = {
  begin: "Where a task begins: its weights at the model's, and nothing kept of a support.",
  gradients:
    "One task of a meta-step: the query's loss after adaptation, and its gradients added to those that wait for `update`.",
  adapt: "One step of adaptation on a support.",
  keep: "What is kept of a support beside adapted weights.",
  predict: "The tasks' outputs after adaptation.",
};

/** The programs that a module holds; `gradients` and `update` only where several batches or threads make one step. */
export function usedPrograms({ descriptor, threads, programs }: ModuleParts): string[] {
  if (descriptor.meta) return Object.keys(programs);
  const alone = threads === true ? ["step", "update"] : ["step"];
  const training = descriptor.train.accumulate > 1 ? ["gradients", "update"] : alone;
  return ["init", ...training, "predict", "evaluate"];
}

/** The doc comments of inputs and tasks, by their names. */
export function docsOf({ inputs, tasks }: ModelDocument): ReadonlyMap<string, string> {
  return new Map([...inputs, ...tasks].flatMap((d) => (d.doc === undefined ? [] : [[d.name, d.doc]])));
}

/** The descriptor with a line for each field, task and weight, as a declaration that begins with `head`. */
export function printDescriptor(descriptor: ModelDescriptor, head: string): string {
  const entries = Object.entries(descriptor).map(([key, value]): [string, Doc] => [
    propertyName(key),
    rowsOf.has(key) ? opened(dataLiteral(value)) : dataLiteral(value),
  ]);
  const doc = docComment(
    "What the runtime knows of the model: fields, transforms, training settings, weights.",
  );
  return `${doc}${head} = ${render(opened(object(entries)), "", 0)};\n\n`;
}

const rowsOf = new Set(["inputs", "tasks", "weights"]);

/** The doc broken into lines even where it would fit in one. */
function opened(doc: Doc): Doc {
  if (typeof doc === "string" || "lines" in doc) return doc;
  return { ...doc, fill: false, spaced: true, broken: true };
}
