import { takeRows } from "../../data/bind.js";
import { diagnostic } from "../../diagnostics/index.js";
import { placeOf } from "../../document/places.js";
import { labelCoverage } from "../../data/coverage.js";
import type { EpochEvent, FitResult, Model } from "../../runtime/index.js";
import { loadData, type LoadedData } from "../data.js";
import { Exit } from "../exit.js";
import { reportTable } from "../format.js";
import {
  checkpointPath,
  loadCheckpoint,
  orRefuse,
  startSpec,
  trainSection,
  type EngineOptions,
} from "../model.js";
import { measuresOf, printEvent } from "../events.js";
import { print, printError, refuseUse, refuseWith, report } from "../output.js";
import { lockCheckpoint } from "../lock.js";
import { createProgress, type Progress } from "../progress.js";
import { isMeta, loadSpec, type LoadedSpec } from "../spec.js";
import {
  assertOwn,
  assertWritable,
  interruptible,
  openResumed,
  requireSplit,
  SAVE_EVERY_MS,
  takeWeights,
  writeCheckpointFile,
  type Resumed,
} from "../checkpoints.js";
import { stageNotes, stagesOf, type Stages } from "../stages.js";
import { outliveReaders } from "../streams.js";

export interface TrainOptions extends EngineOptions {
  readonly json?: boolean;
  readonly epochs?: number;
  /** Of a spec with a `meta` section. */
  readonly steps?: number;
  readonly resplit?: boolean;
  /** `true` for the spec's own checkpoint. */
  readonly resume?: string | boolean;
  readonly from?: string;
  /** Whether the checkpoint of another model may be overwritten. */
  readonly force?: boolean;
  readonly out?: string;
}

/** Trains a spec on its data, keeps a checkpoint, and reports on the test part. */
export async function train(path: string, options: TrainOptions): Promise<void> {
  const started = performance.now();
  outliveReaders();
  const spec = await loadSpec(path, options);
  if (isMeta(spec)) return (await import("./meta.js")).trainMeta(spec, options);
  if (options.steps !== undefined)
    refuseUse("`--steps` is for a spec with a `meta` section; `--epochs` is for this one.");
  const checkpoint = checkpointPath(spec, options.out);
  assertWritable(checkpoint);
  assertOwn(spec, checkpoint, options.force);
  lockCheckpoint(checkpoint);
  const resumed = await openResumed(options, checkpoint);
  const stages = stagesOf(spec, options.train, resumed);
  refuseEpochs(stages, options);
  const split = splitNotes(spec, stages, options, resumed?.notes);
  const data = loadData(spec, "train", split.seed);
  if (resumed) requireSplit(spec, data.splitHash, resumed.notes);
  report(labelCoverage(spec, data.bound, data.parts));
  const seed = options.seed ?? numberOf(resumed?.notes["seed"]);
  const notes = {
    split: data.splitHash,
    ...split.notes,
    ...(seed === undefined ? {} : { seed: String(seed) }),
  };
  const interruption = interruptible();
  const run: Run = { spec, data, options, seed, checkpoint, stages, notes, signal: interruption.signal };
  const { stage, result } = await runStages(run, resumed);
  interruption.end();
  if (result.divergence !== undefined) endDiverged(stage, result);
  await end(stage, result, (performance.now() - started) / 1000);
  stage.model.dispose();
  const code = interruption.code();
  if (code !== undefined && result.stopped === "aborted") throw new Exit(code);
}

/** Runs the sections one after the other; gives back the last one that was run. */
async function runStages(
  run: Run,
  resumed: Resumed | undefined,
): Promise<{ stage: Stage; result: FitResult }> {
  const { names, first } = run.stages;
  for (let at = first, previous: Model | undefined; ; at++) {
    const model = await startStage(run, at);
    if (previous) await model.loadWeights(await previous.save());
    else if (resumed) await loadCheckpoint(model, resumed.path, resumed.bytes);
    else if (run.options.from !== undefined) await takeWeights(model, run.options.from, run.options.json);
    previous?.dispose();
    const stage = { ...run, at, model, notes: { ...run.notes, ...stageNotes(run.stages, at) } };
    const result = await fit(stage, resumed !== undefined && at === first);
    // Weights that no epoch has made better are not worth the checkpoint that may be there.
    if (result.stopped !== "diverged" || result.epochs.length > 0) await save(stage);
    const isOver = result.stopped === "aborted" || result.stopped === "diverged";
    if (isOver || at === names.length - 1) return { stage, result };
    if (!run.options.json) print(endLine(stage, result));
    previous = model;
  }
}

/** A number of epochs says nothing of how several sections share it. */
function refuseEpochs({ names }: Stages, { epochs }: TrainOptions): void {
  if (epochs === undefined || names.length === 1) return;
  const [first, second] = names;
  refuseUse(
    `\`--epochs\` is for one train section. Give each section its \`epochs\` in the spec, or run them one by one: \`--train ${first} --epochs ${epochs}\`, then \`--train ${second} --from\` the checkpoint.`,
  );
}

/** The seed that deals the rows instead of the spec's, which a resumed training keeps. */
function splitNotes(
  spec: LoadedSpec,
  { names, first }: Stages,
  { seed, resplit }: TrainOptions,
  saved: Readonly<Record<string, string>> = {},
): { seed: number | undefined; notes: Readonly<Record<string, string>> } {
  const own = seed ?? trainSection(spec, names[first]).seed;
  const dealt = resplit ? String(own) : saved["split_seed"];
  return { seed: numberOf(dealt), notes: dealt === undefined ? {} : { split_seed: dealt } };
}

function numberOf(note: string | undefined): number | undefined {
  return note === undefined ? undefined : Number(note);
}

interface Run {
  readonly spec: LoadedSpec;
  readonly data: LoadedData;
  readonly options: TrainOptions;
  /** Given by the user, also to the training that is resumed: of all sections. */
  readonly seed: number | undefined;
  readonly checkpoint: string;
  readonly stages: Stages;
  /** What the checkpoint keeps beside the model. */
  readonly notes: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** One train section of a run. */
interface Stage extends Run {
  readonly at: number;
  readonly model: Model;
}

function startStage({ spec, options, seed, stages, data }: Run, at: number): Promise<Model> {
  const own = { ...options, train: stages.names[at]!, ...(seed === undefined ? {} : { seed }) };
  return startSpec(spec, "train", own, data.bound.columns);
}

async function fit(stage: Stage, resume: boolean): Promise<FitResult> {
  const { spec, model, data, options, signal } = stage;
  const epochs = options.epochs ?? model.descriptor.train.epochs;
  const monitored = data.parts.validation.length > 0;
  if (!options.json) announce(stage);
  const monitor = model.descriptor.train.stop?.monitor ?? [];
  const progress: Progress | undefined = options.json ? undefined : createProgress({ epochs, monitor });
  const warn = divergenceWarning();
  let saved = performance.now();
  const onEpochEnd = async (event: EpochEvent) => {
    if (options.json) printEvent("epoch", stage.spec, epochFields(nameOf(stage), event));
    progress?.epoch(event);
    warn(event);
    // A checkpoint every few seconds, so that a killed training loses little.
    if (performance.now() - saved < SAVE_EVERY_MS) return;
    await save(stage);
    saved = performance.now();
  };
  const fitOptions = {
    epochs,
    resume,
    signal,
    onEpochEnd,
    ...(monitored ? { validation: part(data, "validation") } : {}),
  };
  try {
    return await orRefuse(spec.path, () => model.fit(part(data, "train"), fitOptions));
  } finally {
    progress?.end();
  }
}

function nameOf({ stages, at }: Stage): string {
  const name = stages.names[at];
  if (name === undefined) throw new Error("a train section without a name");
  return name;
}

function announce(stage: Stage): void {
  const { spec, model, stages, at } = stage;
  const { train, validation, test } = stage.data.parts;
  const sizes = `${train.length} rows to train on, ${validation.length} to validate, ${test.length} to test`;
  if (at === stages.first) print(`${spec.document.name} on ${model.engine}: ${sizes}.`);
  if (stages.names.length > 1) print(`\n${nameOf(stage)} (${at + 1} of ${stages.names.length})`);
}

/** Warns once, of the first loss that is no finite number. */
function divergenceWarning(): (event: EpochEvent) => void {
  let diverged = false;
  return ({ epoch, losses }) => {
    if (diverged) return;
    const lost = Object.entries(losses).find(([, loss]) => loss !== null && !Number.isFinite(loss));
    if (!lost) return;
    diverged = true;
    printError(
      `warning: the loss of ${lost[0]} is no finite number since epoch ${epoch}; a smaller learning rate, \`clip: global_norm(1)\` or \`standardize\` may help.`,
    );
  };
}

function part(data: LoadedData, name: "train" | "validation" | "test") {
  return takeRows(data.bound, data.parts[name]);
}

async function save({ model, checkpoint, notes }: Stage): Promise<void> {
  writeCheckpointFile(checkpoint, await model.save(notes));
}

function epochFields(train: string, event: EpochEvent) {
  const { epoch, epochs, step, loss, losses, weighted, metrics, validation } = event;
  const { warnings: _, ...measured } = validation ?? { warnings: [] };
  return {
    train,
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

async function end(stage: Stage, result: FitResult, seconds: number): Promise<void> {
  const { model, data, options, checkpoint, stages, at } = stage;
  const test = data.parts.test.length > 0 ? await model.evaluate(part(data, "test")) : undefined;
  if (options.json) {
    printEvent("end", stage.spec, {
      train: stages.names[at],
      ...(test ? measuresOf("test", test) : {}),
      stopped: result.stopped,
      best_epoch: result.bestEpoch ?? null,
      ...(result.note === undefined ? {} : { note: result.note }),
      seconds,
      checkpoint,
    });
    return;
  }
  print(endLine(stage, result, seconds));
  if (result.note !== undefined) print(`note: ${result.note}`);
  if (test) {
    print("\non the test part:");
    print(reportTable(test));
    for (const warning of test.warnings) print(`warning: ${warning}`);
  }
  print(`\ncheckpoint: ${checkpoint}`);
}

/** Ends the command with what went wrong, at the train section in which it did. */
function endDiverged(stage: Stage, { divergence, epochs, note = "", bestEpoch }: FitResult): never {
  const { spec, options, checkpoint } = stage;
  const name = nameOf(stage);
  const saved = epochs.length > 0 ? checkpoint : null;
  if (options.json)
    printEvent("end", spec, {
      train: name,
      stopped: "diverged",
      ...divergence,
      best_epoch: bestEpoch ?? null,
      checkpoint: saved,
    });
  const at = spec.document.train.findIndex((train) => train.name === name);
  const left = saved === null ? "no checkpoint was written" : `${saved} has them`;
  refuseWith(diagnostic("NN5035", placeOf(spec.places, `/train/${at}`), { note, left }));
}

function endLine({ model, stages, at }: Stage, { stopped, bestEpoch }: FitResult, seconds?: number): string {
  const who = stages.names.length > 1 ? `${stages.names[at]} ` : "";
  const how = { finished: "finished", early: "stopped early", aborted: "interrupted", diverged: "diverged" }[
    stopped
  ];
  const time = seconds === undefined ? "" : ` in ${seconds.toFixed(1)} s`;
  const best = bestEpoch === undefined ? "" : `; the weights are those of epoch ${bestEpoch}`;
  return `${who}${how} after ${model.progress.epoch} epochs and ${model.progress.step} steps${time}${best}`;
}
