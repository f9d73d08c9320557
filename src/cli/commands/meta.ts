import { writeFileAtomic } from "../../data/atomic.js";
import { diagnostic } from "../../diagnostics/index.js";
import { placeOf } from "../../document/places.js";
import type { DrawEpisode, MetaModel, MetaReport, MetaStepEvent, Spread } from "../../runtime/index.js";
import { episodesOf, type Episodes } from "../episodes.js";
import { exitCodes, Exit } from "../exit.js";
import { showNumber, table } from "../format.js";
import { checkpointPath, orRefuse, readCheckpointFile, startMetaSpec, type EngineOptions } from "../model.js";
import { print, printJson, refuseUse, report } from "../output.js";
import { refuse, systemReason, type LoadedSpec } from "../spec.js";

export interface MetaTrainOptions extends EngineOptions {
  readonly json?: boolean;
  readonly steps?: number;
  readonly out?: string;
  /** Given by mistake: they are for other specs. */
  readonly epochs?: number;
  readonly resplit?: boolean;
  readonly resume?: string | boolean;
  readonly from?: string;
}

/** Trains on the spec's tasks, keeps a checkpoint, and reports on test tasks. */
export async function trainMeta(spec: LoadedSpec, options: MetaTrainOptions): Promise<void> {
  refuseOthers(options, ["epochs", "resplit", "resume", "from", "train"]);
  requireTasks(spec);
  const started = performance.now();
  const checkpoint = checkpointPath(spec, options.out);
  const model = await startMetaSpec(spec, options);
  const episodes = episodesOf(spec, model);
  const abort = new AbortController();
  const interrupt = () => abort.abort();
  process.once("SIGINT", interrupt);
  const { tasksPerStep, support, query, ...planned } = model.descriptor.meta!;
  const steps = options.steps ?? planned.steps;
  if (!options.json) {
    const sizes = `${tasksPerStep} tasks a step, ${support} rows to adapt on and ${query} to be judged by`;
    print(`${spec.document.name} on ${model.engine}: ${sizes}.`);
  }
  const watcher = watch(model, episodes, steps, options.json === true);
  await orRefuse(spec.path, () =>
    model.metaFit({ steps, signal: abort.signal, onStep: watcher.onStep, ...drawn(episodes?.train) }),
  );
  process.removeListener("SIGINT", interrupt);
  const trained = model.progress.step;
  const best = watcher.best();
  if (best) await model.load(best.bytes);
  try {
    writeFileAtomic(checkpoint, model.save());
  } catch (error) {
    refuse("NN6006", checkpoint, { path: checkpoint, reason: systemReason(error) });
  }
  const found = await model.metaEvaluate(drawn(episodes?.test));
  const seconds = (performance.now() - started) / 1000;
  if (options.json) printJson({ event: "end", ...found, best_step: best?.step ?? null, seconds, checkpoint });
  else {
    const how = abort.signal.aborted ? "interrupted" : "finished";
    const kept = best ? `; the weights are those of step ${best.step}` : "";
    print(`${how} after ${trained} steps in ${seconds.toFixed(1)} s${kept}\n`);
    printReport(found);
    print(`\ncheckpoint: ${checkpoint}`);
  }
  model.dispose();
  if (abort.signal.aborted) throw new Exit(exitCodes.interrupted);
}

function drawn(draw: DrawEpisode | undefined): { draw?: DrawEpisode } {
  return draw ? { draw } : {};
}

/** Validation tasks that a training is judged by now and then. */
const JUDGED = 200;

/** Shows how the training goes, and keeps the weights that did best on validation tasks, where there are such. */
function watch(model: MetaModel, episodes: Episodes | undefined, steps: number, json: boolean) {
  const every = Math.max(1, Math.round(steps / LINES));
  let sum = 0;
  let best: { readonly loss: number; readonly step: number; readonly bytes: Uint8Array } | undefined;
  const onStep = ({ step, loss }: MetaStepEvent) => {
    sum += loss;
    if (step % every !== 0) return undefined;
    const mean = sum / every;
    sum = 0;
    return judge(step, mean);
  };
  const judge = async (step: number, mean: number) => {
    const report = episodes?.validation
      ? await model.metaEvaluate({ episodes: JUDGED, draw: episodes.validation })
      : undefined;
    const loss = report?.loss.mean ?? undefined;
    if (loss !== undefined && (!best || loss < best.loss)) best = { loss, step, bytes: model.save() };
    if (json)
      printJson({ event: "step", step, steps, loss: mean, ...(report ? { validation: report } : {}) });
    else {
      const judged = report ? `  validation ${showNumber(report.loss.mean)}` : "";
      print(`step ${step}/${steps}  loss after adaptation ${showNumber(mean)}${judged}`);
    }
  };
  return { onStep, best: () => best };
}

function refuseOthers(options: object, names: readonly string[]): void {
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
export async function evaluateMeta(spec: LoadedSpec, options: MetaEvaluateOptions): Promise<void> {
  refuseOthers(options, ["data", "source", "train"]);
  requireTasks(spec);
  const model = await startMetaSpec(spec, options);
  await load(model, checkpointPath(spec, options.checkpoint));
  const { episodes, innerSteps } = options;
  const found = await model.metaEvaluate({
    ...drawn(episodesOf(spec, model, false)?.test),
    ...(episodes === undefined ? {} : { episodes }),
    ...(innerSteps === undefined ? {} : { steps: innerSteps }),
  });
  if (options.json) printJson(found);
  else printReport(found);
  model.dispose();
}

async function load(model: MetaModel, path: string): Promise<void> {
  const bytes = readCheckpointFile(path);
  await orRefuse(path, () => model.load(bytes));
}

/** A command has no other tasks than the spec's. */
function requireTasks(spec: LoadedSpec): void {
  if (spec.document.meta!.settings["tasks"] !== null || spec.document.data?.classes) return;
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
