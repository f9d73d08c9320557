import { existsSync } from "node:fs";
import { lowerMetaModel, lowerModel } from "../compile.js";
import { readBounded, STANDARD_INPUT } from "../data/bounded-read.js";
import { writtenColumns } from "../model/columns.js";
import type { MappedColumns } from "../model/descriptor.js";
import { createSession, engineNames, type EngineName } from "../engines/index.js";
import {
  InputError,
  startMetaModel,
  startModel,
  type MetaModel,
  type Model,
  type Session,
} from "../runtime/index.js";
import type { Program } from "../tensor/index.js";
import { diagnostic } from "../diagnostics/index.js";
import { placeOf } from "../document/places.js";
import type { TrainDocument } from "../document/types.js";
import { isSealed } from "../runtime/checkpoint.js";
import { printError, report } from "./output.js";
import { refuse, type LoadedSpec, type MetaSpec } from "./spec.js";
import { systemReason } from "./system.js";

export interface EngineOptions {
  readonly engine?: string;
  readonly backend?: string;
  readonly train?: string;
  readonly seed?: number;
  readonly threads?: number;
}

/** What a command adds to a model: programs of its own, and how it looks at what runs. */
export interface Watching {
  readonly programs: Readonly<Record<string, Program>>;
  readonly session: (session: Session) => Session;
}

/** Starts a spec's model on the engine that the options name. */
export async function startSpec(
  spec: LoadedSpec,
  command: string,
  options: EngineOptions,
  columns?: MappedColumns,
  watching?: Watching,
): Promise<Model> {
  refuseMeta(spec, `\`nnc ${command}\``);
  const train = trainSection(spec, options.train).name;
  const lowered = lowerModel(spec.document, {
    train,
    columns: columns ?? writtenColumns(spec.document.data),
  });
  const programs = { ...lowered.programs, ...watching?.programs };
  const session = await startSession(spec, options, programs, lowered.descriptor.train.batch);
  return startModel(
    lowered.descriptor,
    watching?.session(session) ?? session,
    options.seed === undefined ? {} : { seed: options.seed },
  );
}

/** Starts the model of a spec's `meta` section. */
export async function startMetaSpec(spec: MetaSpec, options: EngineOptions): Promise<MetaModel> {
  const { descriptor, programs } = lowerMetaModel(spec.document);
  const session = await startSession(spec, options, { ...programs });
  return startMetaModel(descriptor, session, options.seed === undefined ? {} : { seed: options.seed });
}

async function startSession(
  spec: LoadedSpec,
  options: EngineOptions,
  programs: Readonly<Record<string, Program>>,
  batch?: number | "full",
): Promise<Session> {
  try {
    const { backend, threads } = options;
    const name = engineName(spec, options);
    // By its file, which the bundle of the command has in it.
    const engine = name === "tfjs" ? (await import("../engines/tfjs.js")).tfjs : name;
    return await createSession(engine, programs, { backend, threads, batch });
  } catch (error) {
    if (error instanceof InputError) refuse("NN6008", spec.path, { reason: error.message });
    throw error;
  }
}

/** What is not for a spec with a `meta` section. */
export function refuseMeta(spec: LoadedSpec, what: string, hint?: string): void {
  if (!spec.document.meta) return;
  const extras = hint === undefined ? {} : { hint };
  report([diagnostic("NN6003", placeOf(spec.places, "/meta"), { what }, extras)]);
}

/** The train section of a name; without one the spec's first. */
export function trainSection(spec: LoadedSpec, name: string | undefined): TrainDocument {
  const sections = spec.document.train;
  const found = sections.find((section) => name === undefined || section.name === name);
  if (found) return found;
  if (name === undefined) throw new Error("a document without a train section");
  refuse("NN5013", spec.path, { name, known: sections.map((t) => `\`${t.name}\``).join(", ") });
}

/** A backend is tfjs's; without one the wasm engine is the default. */
function engineName(spec: LoadedSpec, { engine: name, backend }: EngineOptions): EngineName {
  const wanted = name ?? (backend === undefined ? "wasm" : "tfjs");
  const found = engineNames.find((e) => e === wanted);
  if (!found) {
    refuse("NN6008", spec.path, {
      reason: `there is no engine \`${wanted}\`; there is ${engineNames.join(", ")}.`,
    });
  }
  if (backend !== undefined && found !== "tfjs") {
    refuse("NN6008", spec.path, {
      reason: `the engine \`${found}\` has no backends; leave \`--backend\` away, or use \`--engine tfjs\`.`,
    });
  }
  return found;
}

/** Where a spec's checkpoint lies unless an option says otherwise: beside it. */
export function checkpointPath(spec: LoadedSpec, given: string | undefined): string {
  const { path, document } = spec;
  const stem = path === STANDARD_INPUT ? document.name : path.replace(/\.(nnspec|json)$/, "");
  return given ?? `${stem}.safetensors`;
}

/** A checkpoint is held in one piece of memory. */
const MOST_BYTES = 2 ** 31 - 1;

export function readCheckpointFile(path: string): Uint8Array {
  if (!existsSync(path)) {
    refuse(
      "NN6006",
      path,
      { path, reason: "there is no such checkpoint" },
      { hint: "`nnc train` writes one; `--checkpoint FILE` names another." },
    );
  }
  try {
    return readBounded(path, MOST_BYTES).bytes;
  } catch (error) {
    refuse("NN6006", path, { path, reason: systemReason(error) });
  }
}

/** Loads a checkpoint into a model; one that does not fit ends the command. */
export async function loadCheckpoint(
  model: Pick<Model, "load">,
  path: string,
  bytes: Uint8Array = readCheckpointFile(path),
): Promise<Readonly<Record<string, string>>> {
  const notes = await orRefuse(path, () => model.load(bytes));
  if (!isSealed(bytes))
    printError(
      `note: ${path} has no digest, as an earlier nnspec wrote it: damage to it cannot be seen. Saved again it has one.`,
    );
  return notes;
}

/** Runs what may complain of what a user gave. */
export async function orRefuse<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InputError) refuse("NN6007", path, { reason: error.message });
    throw error;
  }
}
