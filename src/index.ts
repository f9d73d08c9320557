import {
  compile as compileText,
  lowerMetaModel,
  lowerModel,
  type Compilation as Phases,
  type CompileOptions,
} from "./compile.js";
import { createSession } from "./engines/index.js";
import type { ModelDocument } from "./document/types.js";
import { optionsOfCalls, type CreateOptions, type MetaCreateOptions } from "./calls.js";
import { checkArgument, checkOptions, text } from "./runtime/arguments.js";
import { InputError, startMetaModel, startModel } from "./runtime/index.js";
import type { MetaModel, Model } from "./runtime/index.js";

/** A compiled spec: what there is to say of it, the checked model, and a way to run it in this process. */
export interface Compilation extends Phases {
  /** Starts the model on an engine. Throws a CompileError where the spec has errors. */
  create(options?: CreateOptions): Promise<Model>;
  /**
   * Starts a model with a `meta` section, to be trained by `metaFit`. Throws a CompileError where the spec has errors, an
   * InputError where it has no such section or its algorithm is still to come.
   */
  createMeta(options?: MetaCreateOptions): Promise<MetaModel>;
}

/** The spec has errors; `diagnostics` says which. */
export class CompileError extends Error {
  override readonly name = "CompileError";

  constructor(readonly diagnostics: Phases["diagnostics"]) {
    const errors = diagnostics.filter((d) => d.severity === "error");
    super(errors.map((d) => `${d.code}: ${d.message}`).join("\n"));
  }
}

/**
 * Compiles the text of a spec. Mistakes in it are diagnostics, never exceptions. Throws an InputError where the text is none, or an
 * option is of another kind.
 */
export function compile(source: string, options: CompileOptions = {}): Compilation {
  checkArgument("compile", "source", text, source);
  checkOptions("compile", optionsOfCalls.compile, options);
  const phases = compileText(source, options);
  return {
    ...phases,
    create: (createOptions) => create(phases, createOptions),
    createMeta: (createOptions) => createMeta(phases, createOptions),
  };
}

async function createMeta(
  { document, diagnostics }: Phases,
  options: MetaCreateOptions = {},
): Promise<MetaModel> {
  checkOptions("createMeta", optionsOfCalls.createMeta, options);
  const { engine, backend, seed } = options;
  if (!document) throw new CompileError(diagnostics);
  const { meta } = document;
  if (!meta) throw new InputError("the spec has no `meta` section.");
  const { descriptor, programs } = lowerMetaModel({ ...document, meta });
  const session = await createSession(
    engine ?? (backend === undefined ? "wasm" : "tfjs"),
    { ...programs },
    { backend },
  );
  return startMetaModel(descriptor, session, seed === undefined ? {} : { seed });
}

async function create({ document, diagnostics }: Phases, options: CreateOptions = {}): Promise<Model> {
  if (!document) throw new CompileError(diagnostics);
  return createFromDocument(document, options);
}

/** Starts a checked model document on an engine. */
export async function createFromDocument(
  document: ModelDocument,
  options: CreateOptions = {},
): Promise<Model> {
  checkOptions("create", optionsOfCalls.create, options);
  refuseStranger(document, options.train);
  const { descriptor, programs } = lowerModel(
    document,
    options.train === undefined ? {} : { train: options.train },
  );
  const session = await createSession(
    options.engine ?? (options.backend === undefined ? "wasm" : "tfjs"),
    { ...programs },
    { backend: options.backend, threads: options.threads, batch: descriptor.train.batch },
  );
  return startModel(descriptor, session, options.seed === undefined ? {} : { seed: options.seed });
}

function refuseStranger({ train }: ModelDocument, name: string | undefined): void {
  if (name === undefined || train.some((section) => section.name === name)) return;
  const takes = `one of ${train.map((section) => section.name).join(", ")}`;
  throw new InputError(`create: \`train\` is ${takes}, not ${JSON.stringify(name.slice(0, 100))}.`, {
    argument: "train",
    takes,
  });
}

export type { CreateOptions, MetaCreateOptions } from "./calls.js";
export type { CompileOptions } from "./compile.js";
export type { Engine } from "./engines/index.js";
export type { Diagnostic } from "./diagnostics/index.js";
export { renderAll, renderDiagnostic } from "./diagnostics/render.js";
export type { ModelDocument } from "./document/types.js";
export * from "./runtime/index.js";
