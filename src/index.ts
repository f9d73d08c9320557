import {
  compile as compileText,
  lowerMetaModel,
  lowerModel,
  type Compilation as Phases,
  type CompileOptions,
} from "./compile.js";
import { createSession, type Engine, type EngineName } from "./engines/index.js";
import type { ModelDocument } from "./document/types.js";
import { InputError, startMetaModel, startModel } from "./runtime/index.js";
import type { MetaModel, Model } from "./runtime/index.js";

export interface CreateOptions {
  /**
   * `wasm` by default, or `tfjs` where a backend is named. A page imports that engine: `import { tfjs } from "nnspec/tfjs"`, and
   * `engine: tfjs`; its name does where the packages lie in `node_modules`.
   */
  readonly engine?: EngineName | Engine;
  /** A registered tfjs backend, for the tfjs engine (its default is `wasm`). */
  readonly backend?: string;
  /**
   * Over how many threads the wasm engine splits a training step's batch: 1 by default. The same number gives the same
   * results again. Where the host has no threads, or the spec accumulates gradients, there are fewer, and the model's
   * `engine` says so and why. Batch norm and a balancer see a thread's share of the batch, and
   * dropout draws for each share anew.
   */
  readonly threads?: number;
  /** Replaces the spec's seed. */
  readonly seed?: number;
  /** One of the spec's train sections by name; the first by default. */
  readonly train?: string;
}

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

export type MetaCreateOptions = Pick<CreateOptions, "engine" | "backend" | "seed">;

/** The spec has errors; `diagnostics` says which. */
export class CompileError extends Error {
  override readonly name = "CompileError";

  constructor(readonly diagnostics: Phases["diagnostics"]) {
    const errors = diagnostics.filter((d) => d.severity === "error");
    super(errors.map((d) => `${d.code}: ${d.message}`).join("\n"));
  }
}

/** Compiles the text of a spec. Mistakes in it are diagnostics, never exceptions. */
export function compile(source: string, options: CompileOptions = {}): Compilation {
  const phases = compileText(source, options);
  return {
    ...phases,
    create: (createOptions) => create(phases, createOptions),
    createMeta: (createOptions) => createMeta(phases, createOptions),
  };
}

async function createMeta(
  { document, diagnostics }: Phases,
  { engine, backend, seed }: MetaCreateOptions = {},
): Promise<MetaModel> {
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

export type { CompileOptions } from "./compile.js";
export type { Engine } from "./engines/index.js";
export type { Diagnostic } from "./diagnostics/index.js";
export { renderAll, renderDiagnostic } from "./diagnostics/render.js";
export type { ModelDocument } from "./document/types.js";
export * from "./runtime/index.js";
