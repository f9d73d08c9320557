import { lstatSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { labelsByOrigin, planProgram } from "../../backends/wasm/plan.js";
import { showPlan } from "../../backends/wasm/show.js";
import { lowerMetaModel, lowerModel } from "../../compile.js";
import { writeFileAtomic } from "../../data/atomic.js";
import { STANDARD_INPUT } from "../../data/bounded-read.js";
import { createSession } from "../../engines/index.js";
import { emitGraphModel, type Files } from "../../emit/tfjs-graph/emit.js";
import { graphGuide } from "../../emit/tfjs-graph/guide.js";
import { NotInTarget } from "../../emit/tfjs-graph/lower.js";
import type { ModuleParts } from "../../emit/typescript/module.js";
import { emitStandaloneTypes } from "../../emit/typescript/declarations.js";
import { emitStandaloneModule } from "../../emit/typescript/standalone.js";
import { emitTfjsModule } from "../../emit/typescript/tfjs.js";
import { emitWasmModule } from "../../emit/typescript/wasm.js";
import { readCheckpoint } from "../../runtime/checkpoint.js";
import type { ModelDescriptor } from "../../runtime/descriptor.js";
import type { Fitted } from "../../runtime/pipeline.js";
import { intScalar, names } from "../../runtime/programs.js";
import { groups } from "../../runtime/wasm/kernels.generated.js";
import { loadKernels } from "../../runtime/wasm/kernels.js";
import type { HostTensor } from "../../runtime/tensor.js";
import { printProgram, type Program } from "../../tensor/index.js";
import { orRefuse, readCheckpointFile, refuseMeta, trainSection } from "../model.js";
import { isFolder, outFile } from "../out.js";
import { print, printData, refuseUse } from "../output.js";
import { loadSpec, madeFolder, refuse, type LoadedSpec } from "../spec.js";
import { systemReason } from "../system.js";
import { version } from "../version.js";

export interface CompileCommandOptions {
  readonly target: string;
  readonly out?: string;
  readonly checkpoint?: string;
  readonly train?: string;
  readonly standalone?: boolean;
  readonly threads?: boolean;
}

type Target = (spec: LoadedSpec, options: CompileCommandOptions) => Promise<void> | void;

const targets: Readonly<Record<string, Target>> = {
  wasm: wasmModule,
  tfjs: tfjsModule,
  "tfjs-graph": graphModel,
  json: document,
  program,
  plan,
};
const plannedTargets = ["pytorch", "onnx"];

/** Writes what a target makes of a spec. */
export async function compileSpec(path: string, options: CompileCommandOptions): Promise<void> {
  const target = Object.hasOwn(targets, options.target) ? targets[options.target] : undefined;
  if (!target) {
    if (plannedTargets.includes(options.target)) refuse("NN6002", path, { target: options.target });
    refuse("NN6001", path, { target: options.target, known: Object.keys(targets).join(", ") });
  }
  refuseElsewhere(path, options);
  const spec = await loadSpec(path);
  await target(spec, options);
}

/** Options of one target alone. */
function refuseElsewhere(path: string, options: CompileCommandOptions): void {
  const { target, standalone, threads, checkpoint } = options;
  if (checkpoint !== undefined && target !== "tfjs-graph")
    refuse(
      "NN6009",
      path,
      { option: "--checkpoint", target },
      { hint: "A `tfjs-graph` holds weights; a module takes them with `load`." },
    );
  if (target === "wasm") return;
  const hints = [
    [standalone, "--standalone", "a module that stands alone runs on nnspec's own kernels"],
    [threads, "--threads", "only a module on nnspec's own kernels has threads"],
  ] as const;
  for (const [given, option, reason] of hints) {
    if (given === true)
      refuse("NN6009", path, { option, target }, { hint: `Leave \`--target\` away: ${reason}.` });
  }
}

function lowered(spec: LoadedSpec, options: CompileCommandOptions) {
  return lowerModel(spec.document, { train: trainSection(spec, options.train).name });
}

/** What a spec is compiled to, for its `meta` section where it has one. */
function loweredAny(spec: LoadedSpec, options: CompileCommandOptions) {
  const { meta } = spec.document;
  if (!meta) return lowered(spec, options);
  if (options.train !== undefined) refuseUse("`--train` is not for a spec with a `meta` section.");
  return lowerMetaModel({ ...spec.document, meta });
}

function moduleParts(spec: LoadedSpec, options: CompileCommandOptions): ModuleParts {
  const { threads } = options;
  if (threads === true) {
    refuseMeta(spec, "`--threads`", "Leave it away: the tasks of a meta-step come one after the other.");
  }
  const { descriptor, programs } = loweredAny(spec, options);
  return { document: spec.document, descriptor, programs, source: basename(spec.path), threads };
}

function wasmModule(spec: LoadedSpec, options: CompileCommandOptions): void {
  const parts = moduleParts(spec, options);
  if (options.standalone !== true) return void writeModule(spec, options, "ts", emitWasmModule(parts));
  const path = writeModule(spec, options, "js", emitStandaloneModule(parts));
  // TypeScript looks for the types of `x.mjs` in `x.d.mts`.
  if (path !== undefined) write(path.replace(/\.(m?)js$/, ".d.$1ts"), emitStandaloneTypes(parts));
}

function tfjsModule(spec: LoadedSpec, options: CompileCommandOptions): void {
  writeModule(spec, options, "ts", emitTfjsModule(moduleParts(spec, options)));
}

/** The path of what was written, unless that went to standard output. */
function writeModule(
  spec: LoadedSpec,
  { out = ".", target }: CompileCommandOptions,
  extension: "ts" | "js",
  text: string,
): string | undefined {
  const path = outFile(out, `${stem(spec)}.${extension}`, [spec.path]);
  if (path === undefined) {
    printData(text);
    return undefined;
  }
  if (![`.${extension}`, `.m${extension}`].includes(extname(path))) {
    const reason = `a module of target \`${target}\` is a \`.${extension}\` file`;
    const isJavaScript = extension === "ts" && target === "wasm";
    const hint = "`--standalone` writes JavaScript, without any import.";
    refuse("NN6006", path, { path, reason }, isJavaScript ? { hint } : {});
  }
  write(path, text);
  return path;
}

async function plan(spec: LoadedSpec, options: CompileCommandOptions): Promise<void> {
  const { programs, descriptor } = loweredAny(spec, options);
  const { batch: size } = descriptor.train;
  const batch = size === "full" ? 32 : size;
  const { functions } = await loadKernels(groups);
  const plans = Object.values(programs).map((p) =>
    showPlan(planProgram(p, labelsByOrigin()), batch, functions),
  );
  writeOrPrint(spec, options, "plan.txt", plans.join("\n"));
}

async function graphModel(spec: LoadedSpec, options: CompileCommandOptions): Promise<void> {
  const hint = "Without `--target` a module is written; a GraphModel only predicts, and cannot adapt.";
  refuseMeta(spec, `Target \`${options.target}\``, hint);
  const { descriptor, programs } = lowered(spec, options);
  const { tensors, fitted } = options.checkpoint
    ? await savedWeights(descriptor, options.checkpoint)
    : { tensors: await freshWeights(programs.init, descriptor.train.seed), fitted: undefined };
  const state = (name: string): HostTensor => {
    const tensor = tensors.get(name);
    if (!tensor) refuse("NN6007", spec.path, { reason: `the checkpoint has no ${name}` });
    return tensor;
  };
  try {
    const out = options.out ?? ".";
    if (out === "-" || !isFolder(out))
      refuse("NN6006", out, { path: out, reason: "a GraphModel is several files, which lie in a folder" });
    const files = emitGraphModel({ program: programs.predict, state, version });
    const guide = graphGuide(descriptor, fitted);
    writeTogether(madeFolder(out), new Map([["nnspec.json", guide], ...files]));
  } catch (error) {
    if (!(error instanceof NotInTarget)) throw error;
    const { primitive, origin } = error;
    const extras = origin === undefined ? {} : { hint: `It is a part of \`${origin}\`.` };
    refuse("NN6004", spec.path, { primitive, target: options.target }, extras);
  }
}

interface Weights {
  readonly tensors: ReadonlyMap<string, HostTensor>;
  readonly fitted: Fitted | undefined;
}

async function savedWeights(descriptor: ModelDescriptor, path: string): Promise<Weights> {
  const bytes = readCheckpointFile(path);
  const content = await orRefuse(path, () => readCheckpoint(descriptor, bytes));
  if (content.stranger !== undefined) refuse("NN6007", path, { reason: content.stranger });
  return content;
}

async function freshWeights(init: Program, seed: number): Promise<ReadonlyMap<string, HostTensor>> {
  const session = await createSession("reference", { init });
  await session.run("init", { [names.seed]: intScalar(seed) }, 1);
  return new Map(session.stateNames().map((name) => [name, session.read(name)]));
}

async function document(spec: LoadedSpec, options: CompileCommandOptions): Promise<void> {
  const { assertValid } = await import("../../phases/load.js");
  writeOrPrint(spec, options, "json", `${JSON.stringify(assertValid(spec.document), null, 2)}\n`);
}

function program(spec: LoadedSpec, options: CompileCommandOptions): void {
  const programs = Object.values(loweredAny(spec, options).programs);
  const text = programs.map((p) => `${printProgram(p)}\n`).join("\n");
  writeOrPrint(spec, options, "program.txt", text);
}

function writeOrPrint(
  spec: LoadedSpec,
  { out = "-" }: CompileCommandOptions,
  extension: string,
  text: string,
): void {
  const path = outFile(out, `${stem(spec)}.${extension}`, [spec.path]);
  if (path === undefined) printData(text);
  else write(path, text);
}

function stem({ path, document: { name } }: LoadedSpec): string {
  if (path === STANDARD_INPUT) return name;
  return basename(path).replace(/\.(nnspec|json)$/, "");
}

/** Writes files that belong together: first all of them aside, then each in its place. */
function writeTogether(path: string, files: Files): void {
  let aside: string | undefined;
  try {
    aside = mkdtempSync(join(path, ".nnc-"));
    for (const [name, content] of files) writeFileAtomic(join(aside, name), content);
    for (const [name, content] of files) {
      const place = join(path, name);
      const isOther = lstatSync(place, { throwIfNoEntry: false })?.isFile() === false;
      // A link, a pipe or a device stays what it is.
      if (isOther) writeFileAtomic(place, content);
      else renameSync(join(aside, name), place);
    }
  } catch (error) {
    refuse("NN6006", path, { path, reason: systemReason(error) });
  } finally {
    if (aside !== undefined) rmSync(aside, { recursive: true, force: true });
  }
  for (const name of files.keys()) print(`wrote ${join(path, name)}`);
}

function write(path: string, text: string | Uint8Array): void {
  try {
    writeFileAtomic(path, text);
  } catch (error) {
    refuse("NN6006", path, { path, reason: systemReason(error) });
  }
  print(`wrote ${path}`);
}
