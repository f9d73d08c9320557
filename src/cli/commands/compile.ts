import { mkdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { lowerModel } from "../../compile.js";
import { writeFileAtomic } from "../../data/atomic.js";
import { emitTfjsModule } from "../../emit/typescript/module.js";
import { assertValid } from "../../phases/4-model.js";
import { printProgram } from "../../tensor/index.js";
import { refuseMeta, trainName } from "../model.js";
import { print } from "../output.js";
import { loadSpec, refuse, systemReason, type LoadedSpec } from "../spec.js";

export interface CompileCommandOptions {
  readonly target: string;
  readonly out?: string;
  readonly checkpoint?: string;
  readonly train?: string;
}

type Target = (spec: LoadedSpec, options: CompileCommandOptions) => Promise<void> | void;

const targets: Readonly<Record<string, Target>> = { tfjs: tfjsModule, json: document, program };
const plannedTargets = ["wasm", "ts", "plan", "pytorch", "onnx"];

/** Writes what a target makes of a spec. */
export async function compileSpec(path: string, options: CompileCommandOptions): Promise<void> {
  const target = Object.hasOwn(targets, options.target) ? targets[options.target] : undefined;
  if (!target) {
    if (plannedTargets.includes(options.target)) refuse("NN6002", path, { target: options.target });
    refuse("NN6001", path, { target: options.target, known: Object.keys(targets).join(", ") });
  }
  const spec = loadSpec(path);
  await target(spec, options);
}

function lowered(spec: LoadedSpec, options: CompileCommandOptions) {
  refuseMeta(spec, `Target \`${options.target}\``);
  const train = trainName(spec, options.train);
  return lowerModel(spec.document, train === undefined ? {} : { train });
}

function tfjsModule(spec: LoadedSpec, options: CompileCommandOptions): void {
  const { descriptor, programs } = lowered(spec, options);
  const text = emitTfjsModule({
    document: spec.document,
    descriptor,
    programs: { ...programs },
    source: basename(spec.path),
  });
  write(join(folder(options.out ?? "."), `${stem(spec.path)}.ts`), text);
}

function document(spec: LoadedSpec, options: CompileCommandOptions): void {
  writeOrPrint(options, `${JSON.stringify(assertValid(spec.document), null, 2)}\n`);
}

function program(spec: LoadedSpec, options: CompileCommandOptions): void {
  const programs = Object.values(lowered(spec, options).programs);
  writeOrPrint(options, programs.map((p) => `${printProgram(p)}\n`).join("\n"));
}

function writeOrPrint(options: CompileCommandOptions, text: string): void {
  if (options.out === undefined) process.stdout.write(text);
  else write(options.out, text);
}

function stem(path: string): string {
  return basename(path).replace(/\.(nnspec|json)$/, "");
}

/** The folder, made where it is not there. */
export function folder(path: string): string {
  try {
    mkdirSync(path, { recursive: true });
    if (statSync(path).isDirectory()) return path;
    refuse("NN6006", path, { path, reason: "it is no folder" });
  } catch (error) {
    refuse("NN6006", path, { path, reason: systemReason(error) });
  }
}

function write(path: string, text: string | Uint8Array): void {
  try {
    writeFileAtomic(path, text);
  } catch (error) {
    refuse("NN6006", path, { path, reason: systemReason(error) });
  }
  print(`wrote ${path}`);
}
