import { diagnostic } from "../../diagnostics/index.js";
import { hasTasks } from "../../model/episodes.js";
import { placeOf } from "../../document/places.js";
import type {
  DrawEpisode,
  MetaFitResult,
  MetaModel,
  MetaReport,
  MetaStepEvent,
  Spread,
} from "../../runtime/index.js";
import {
  assertOwn,
  assertWritable,
  interruptible,
  openResumed,
  requireSplit,
  SAVE_EVERY_MS,
  takeWeights,
  writeCheckpointFile,
} from "../checkpoints.js";
import { episodesOf, type Episodes } from "../episodes.js";
import { Exit } from "../exit.js";
import { showNumber, table } from "../format.js";
import { lockCheckpoint } from "../lock.js";
import { checkpointPath, loadCheckpoint, orRefuse, startMetaSpec, type EngineOptions } from "../model.js";
import { printEvent } from "../events.js";
import { print, refuseUse, refuseWith, report } from "../output.js";
import type { MetaSpec } from "../spec.js";

export interface MetaTrainOptions extends EngineOptions {
  readonly json?: boolean;
  readonly steps?: number;
  readonly out?: string;
  /** `true` for the spec's own checkpoint. */
  readonly resume?: string | boolean;
  readonly from?: string;
  /** Whether the checkpoint of another model may be overwritten. */
  readonly force?: boolean;
  /** Given by mistake: they are for other specs. */
  readonly epochs?: number;
  readonly resplit?: boolean;
}

/** Trains on the spec's tasks, keeps a checkpoint, and reports on test tasks. */
export async function trainMeta(spec: MetaSpec, options: MetaTrainOptions): Promise<void> {
  refuseOthers(options, ["epochs", "resplit", "train"]);
  requireTasks(spec);
  const started = performance.now();
  const checkpoint = checkpointPath(spec, options.out);
  assertWritable(checkpoint);
  assertOwn(spec, checkpoint, options.force);
  lockCheckpoint(checkpoint);
  const resumed = await openResumed(options, checkpoint);
  const model = await startMetaSpec(spec, options);
  if (resumed) await loadCheckpoint(model, resumed.path, resumed.bytes);
  else if (options.from !== undefined) await takeWeights(model, options.from, options.json);
  const episodes = await episodesOf(spec, model, { fit: !resumed, json: options.json });
  if (resumed) requireEpisodes(spec, episodes, resumed.notes);
  const { tasksPerStep, support, query, ...planned } = planOf(model);
  const sizes = `${tasksPerStep} tasks a step, ${support} rows to adapt on and ${query} to be judged by`;
  if (!options.json) print(`${spec.document.name} on ${model.engine}: ${sizes}.`);
  const run = { spec, model, episodes, checkpoint, json: options.json === true };
  const interruption = interruptible();
  const steps = options.steps ?? planned.steps;
  const result = await fit(run, steps, resumed !== undefined, interruption.signal);
  const { bestStep, note, divergence } = result;
  interruption.end();
  if (divergence !== undefined) return endDiverged(run, result);
  await save(run);
  const found = await model.metaEvaluate(drawn(episodes?.test));
  const seconds = (performance.now() - started) / 1000;
  const { aborted } = interruption.signal;
  const noted = note === undefined ? {} : { note };
  if (options.json)
    printEvent("end", spec, {
      part: "test",
      ...found,
      best_step: bestStep ?? null,
      ...noted,
      seconds,
      checkpoint,
    });
  else {
    const how = aborted ? "interrupted" : "finished";
    const kept = bestStep === undefined ? "" : `; the weights are those of step ${bestStep}`;
    print(`${how} after ${model.progress.step} steps in ${seconds.toFixed(1)} s${kept}`);
    if (note !== undefined) print(`note: ${note}`);
    print("");
    printReport(found);
    print(`\ncheckpoint: ${checkpoint}`);
  }
  model.dispose();
  const code = interruption.code();
  if (code !== undefined) throw new Exit(code);
}

/** Ends the command with what went wrong. */
async function endDiverged(run: Run, { divergence, bestStep, note = "" }: MetaFitResult): Promise<never> {
  const { spec, checkpoint, json } = run;
  // Without validation nobody knows whether the weights are better than those of the checkpoint that may be there.
  if (bestStep !== undefined) await save(run);
  const left = bestStep === undefined ? "no checkpoint was written" : `${checkpoint} has them`;
  if (json) printEvent("end", spec, { stopped: "diverged", ...divergence, best_step: bestStep ?? null });
  refuseWith(diagnostic("NN5035", placeOf(spec.places, "/meta"), { note, left }));
}

function planOf({ descriptor: { meta } }: MetaModel) {
  if (!meta) throw new Error("a model of episodes without a plan for them");
  return meta;
}

interface Run {
  readonly spec: MetaSpec;
  readonly model: MetaModel;
  readonly episodes: Episodes | undefined;
  readonly checkpoint: string;
  readonly json: boolean;
}

function fit(run: Run, steps: number, resume: boolean, signal: AbortSignal): Promise<MetaFitResult> {
  const { spec, model, episodes, json } = run;
  const every = Math.max(1, Math.round(steps / LINES));
  const validation = episodes?.validation && { draw: episodes.validation, every };
  const tell = teller(spec, every, json);
  let saved = performance.now();
  const onStep = async (event: MetaStepEvent) => {
    tell(event);
    if (performance.now() - saved < SAVE_EVERY_MS) return;
    await save(run);
    saved = performance.now();
  };
  const options = { steps, resume, signal, onStep, ...drawn(episodes?.train) };
  return orRefuse(spec.path, () => model.metaFit({ ...options, ...(validation ? { validation } : {}) }));
}

async function save({ model, checkpoint, episodes }: Run): Promise<void> {
  const split = episodes?.splitHash;
  writeCheckpointFile(checkpoint, await model.save(split === undefined ? {} : { split }));
}

function requireEpisodes(
  spec: MetaSpec,
  episodes: Episodes | undefined,
  notes: Readonly<Record<string, string>>,
): void {
  if (episodes?.splitHash !== undefined) requireSplit(spec, episodes.splitHash, notes);
}

function drawn(draw: DrawEpisode | undefined): { draw?: DrawEpisode } {
  return draw ? { draw } : {};
}

/** Shows now and then how the training goes. */
function teller(spec: MetaSpec, every: number, json: boolean) {
  let [sum, count] = [0, 0];
  return ({ step, steps, loss, validation }: MetaStepEvent): void => {
    sum += loss;
    count++;
    if (step % every !== 0 && step !== steps) return;
    const mean = sum / count;
    [sum, count] = [0, 0];
    if (json) printEvent("step", spec, { step, steps, loss: mean, ...(validation ? { validation } : {}) });
    else {
      const judged = validation ? `  validation ${showNumber(validation.loss.mean)}` : "";
      print(`step ${step}/${steps}  loss ${showNumber(mean)}${judged}`);
    }
  };
}

/** Options that mean nothing to a spec with a `meta` section. */
export function refuseOthers(options: object, names: readonly string[]): void {
  const given = names.find((name) => Reflect.get(options, name) !== undefined);
  if (given !== undefined) refuseUse(`\`--${given}\` is not for a spec with a \`meta\` section.`);
}

const LINES = 20;

export interface MetaEvaluateOptions extends EngineOptions {
  readonly json?: boolean;
  readonly checkpoint?: string;
  readonly episodes?: number;
  readonly innerSteps?: number;
  /** Given by mistake: they are for other specs. */
  readonly data?: string;
  readonly source?: string;
}

/** Adapts a checkpoint to test tasks and reports on their queries. */
export async function evaluateMeta(spec: MetaSpec, options: MetaEvaluateOptions): Promise<void> {
  refuseOthers(options, ["data", "source", "train", "part"]);
  requireTasks(spec);
  const model = await startMetaSpec(spec, options);
  const notes = await loadCheckpoint(model, checkpointPath(spec, options.checkpoint));
  const tasks = await episodesOf(spec, model, { fit: false, json: options.json });
  requireEpisodes(spec, tasks, notes);
  const { episodes, innerSteps } = options;
  const found = await orRefuse(spec.path, () =>
    model.metaEvaluate({
      ...drawn(tasks?.test),
      ...(episodes === undefined ? {} : { episodes }),
      ...(innerSteps === undefined ? {} : { steps: innerSteps }),
    }),
  );
  if (options.json) printEvent("evaluation", spec, { part: "test", ...found });
  else printReport(found);
  model.dispose();
}

/** A command has no other tasks than the spec's. */
function requireTasks(spec: MetaSpec): void {
  if (hasTasks(spec.document.meta, spec.document.data)) return;
  report([diagnostic("NN5027", placeOf(spec.places, "/meta"), {})]);
}

function printReport({ episodes, loss, metrics }: MetaReport): void {
  print(`on ${episodes} test tasks, after adaptation:`);
  const row = (name: string, { mean, interval, median, diverged }: Spread) => [
    name,
    `${showNumber(mean)} ± ${showNumber(interval)}`,
    showNumber(median),
    String(diverged),
  ];
  const measured = Object.entries(metrics).flatMap(([task, values]) =>
    Object.entries(values).map(([metric, spread]) => row(`${task} ${metric}`, spread)),
  );
  print(table([["", "mean", "median", "diverged"], row("loss", loss), ...measured], [1, 2, 3]));
}
