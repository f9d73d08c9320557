import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { writeFileAtomic } from "../../data/atomic.js";
import { takeRows } from "../../data/bind.js";
import { labelCoverage } from "../../data/coverage.js";
import { diagnostic } from "../../diagnostics/index.js";
import { placeOf } from "../../document/places.js";
import type { EpochEvent, FitResult, Model, Report } from "../../runtime/index.js";
import { loadData, type LoadedData } from "../data.js";
import { exitCodes, Exit } from "../exit.js";
import { reportTable } from "../format.js";
import {
  checkpointPath,
  loadCheckpoint,
  orRefuse,
  readCheckpointFile,
  startSpec,
  type EngineOptions,
} from "../model.js";
import { print, printError, printJson, report } from "../output.js";
import { createProgress, type Progress } from "../progress.js";
import { loadSpec, refuse, systemReason, type LoadedSpec } from "../spec.js";

export interface TrainOptions extends EngineOptions {
  readonly json?: boolean;
  readonly epochs?: number;
  readonly resplit?: boolean;
  /** `true` for the spec's own checkpoint. */
  readonly resume?: string | boolean;
  readonly from?: string;
  readonly out?: string;
}

/** Trains a spec on its data, keeps a checkpoint, and reports on the test part. */
export async function train(path: string, options: TrainOptions): Promise<void> {
  const started = performance.now();
  const spec = loadSpec(path, options);
  const seed =
    options.seed ?? spec.document.train.find((t) => !options.train || t.name === options.train)?.seed ?? 0;
  const checkpoint = checkpointPath(spec, options.out);
  assertWritable(checkpoint);
  const resumeFrom = options.resume === true ? checkpoint : options.resume || undefined;
  const splitSeed = options.resplit ? seed : undefined;
  let data = loadData(spec, "train", splitSeed);
  report(labelCoverage(spec, data.bound, data.parts));
  const model = await startSpec(spec, "train", options, data.bound.columns);
  const notes: Record<string, string> = {
    split: data.splitHash,
    ...(splitSeed === undefined ? {} : { split_seed: String(splitSeed) }),
  };
  if (resumeFrom !== undefined) {
    const saved = await loadCheckpoint(model, resumeFrom);
    if (saved["split_seed"] !== undefined && splitSeed === undefined)
      data = loadData(spec, "train", Number(saved["split_seed"]));
    requireSplit(spec, data, saved);
    Object.assign(notes, saved);
  } else if (options.from !== undefined) await takeWeights(model, options.from, options.json);
  const result = await fit({
    spec,
    model,
    data,
    options,
    checkpoint,
    notes,
    resume: resumeFrom !== undefined,
  });
  save(model, checkpoint, notes);
  const test = data.parts.test.length > 0 ? await model.evaluate(part(data, "test")) : undefined;
  const seconds = (performance.now() - started) / 1000;
  if (options.json)
    printJson({
      event: "end",
      test: test?.metrics ?? {},
      losses: test?.losses ?? {},
      stopped: result.stopped,
      best_epoch: result.bestEpoch ?? null,
      seconds,
      checkpoint,
    });
  else printEnd(model, result, test, seconds, checkpoint);
  model.dispose();
  if (result.stopped === "aborted") throw new Exit(exitCodes.interrupted);
}

/** Found out before an hour of training, not after it. */
function assertWritable(path: string): void {
  try {
    accessSync(dirname(path), constants.W_OK);
    if (existsSync(path) && statSync(path).isDirectory()) throw new Error("it is a folder");
  } catch (error) {
    refuse("NN6006", path, { path, reason: systemReason(error) });
  }
}

interface Run {
  readonly spec: LoadedSpec;
  readonly model: Model;
  readonly data: LoadedData;
  readonly options: TrainOptions;
  readonly checkpoint: string;
  readonly notes: Readonly<Record<string, string>>;
  readonly resume: boolean;
}

async function fit({ spec, model, data, options, checkpoint, notes, resume }: Run): Promise<FitResult> {
  const epochs = options.epochs ?? model.descriptor.train.epochs;
  const monitored = data.parts.validation.length > 0;
  if (!options.json) {
    const sizes = `${data.parts.train.length} rows to train on, ${data.parts.validation.length} to validate, ${data.parts.test.length} to test`;
    print(`${spec.document.name} on ${model.engine}: ${sizes}.`);
  }
  const progress: Progress | undefined = options.json ? undefined : createProgress(epochs, monitored);
  const abort = new AbortController();
  const interrupt = () => abort.abort();
  process.once("SIGINT", interrupt);
  let saved = performance.now();
  let diverged = false;
  const onEpochEnd = (event: EpochEvent) => {
    if (options.json) printJson(epochJson(event));
    progress?.epoch(event);
    const lost = diverged
      ? undefined
      : Object.entries(event.losses).find(([, loss]) => loss !== null && !Number.isFinite(loss));
    if (lost) {
      diverged = true;
      printError(
        `warning: the loss of ${lost[0]} is no finite number since epoch ${event.epoch}; a smaller learning rate, \`clip: global_norm(1)\` or \`standardize\` may help.`,
      );
    }
    // A checkpoint every few seconds, so that a killed training loses little.
    if (performance.now() - saved < SAVE_EVERY_MS) return;
    save(model, checkpoint, notes);
    saved = performance.now();
  };
  const fitOptions = {
    epochs,
    resume,
    signal: abort.signal,
    onEpochEnd,
    ...(monitored ? { validation: part(data, "validation") } : {}),
  };
  try {
    return await orRefuse(spec.path, () => model.fit(part(data, "train"), fitOptions));
  } finally {
    process.removeListener("SIGINT", interrupt);
    progress?.end();
  }
}

const SAVE_EVERY_MS = 10_000;

function part(data: LoadedData, name: "train" | "validation" | "test") {
  return takeRows(data.bound, data.parts[name]);
}

function save(model: Model, checkpoint: string, notes: Readonly<Record<string, string>>): void {
  try {
    writeFileAtomic(checkpoint, model.save(notes));
  } catch (error) {
    refuse("NN6006", checkpoint, { path: checkpoint, reason: systemReason(error) });
  }
}

/** A test row must not have been trained on before the training went on. */
export function requireSplit(
  spec: LoadedSpec,
  data: LoadedData,
  notes: Readonly<Record<string, string>>,
): void {
  if (notes["split"] === undefined || notes["split"] === data.splitHash) return;
  report([diagnostic("NN7056", placeOf(spec.places, "/data/split"), {})]);
}

async function takeWeights(model: Model, file: string, json: boolean | undefined): Promise<void> {
  const bytes = readCheckpointFile(file);
  const { taken, missing, mismatched } = await orRefuse(file, () => model.loadWeights(bytes));
  const say = json ? printError : print;
  say(`${file}: ${taken.length} weights taken.`);
  if (missing.length > 0) say(`  not there, begun anew: ${missing.join(", ")}`);
  if (mismatched.length > 0) say(`  of another shape, begun anew: ${mismatched.join(", ")}`);
}

function epochJson(event: EpochEvent) {
  const { epoch, epochs, step, loss, losses, weighted, metrics, validation } = event;
  const { warnings: _, ...measured } = validation ?? { warnings: [] };
  return {
    event: "epoch",
    epoch,
    epochs,
    step,
    loss,
    losses,
    weighted,
    metrics,
    ...(validation ? { validation: measured } : {}),
  };
}

function printEnd(
  model: Model,
  result: FitResult,
  test: Report | undefined,
  seconds: number,
  checkpoint: string,
): void {
  const how = { finished: "finished", early: "stopped early", aborted: "interrupted" }[result.stopped];
  const best = result.bestEpoch === undefined ? "" : `; the weights are those of epoch ${result.bestEpoch}`;
  print(
    `${how} after ${model.progress.epoch} epochs and ${model.progress.step} steps in ${seconds.toFixed(1)} s${best}`,
  );
  if (test) {
    print("\non the test part:");
    print(reportTable(test));
    for (const warning of test.warnings) print(`warning: ${warning}`);
  }
  print(`\ncheckpoint: ${checkpoint}`);
}
