import type { Dataset } from "../dataset.js";
import type { MetaDescriptor, ModelDescriptor } from "../descriptor.js";
import { InputError } from "../errors.js";
import type { Report } from "../evaluation.js";
import type { FitData } from "../api.js";
import { checkOptions, seedOf } from "../arguments.js";
import { RunningModel, type RowsToPredict } from "../model.js";
import { weightValues } from "../weight-values.js";
import { DivergenceWatch, type Divergence } from "../divergence.js";
import { goOn, putBackBest, readTensors, weightNames } from "../best-weights.js";
import { createPause, isPromise } from "../pause.js";
import { fitTransforms, pipelines } from "../pipeline.js";
import { encodeData, type Encoded } from "../raw-data.js";
import { intScalar, names } from "../programs.js";
import type { Session } from "../session.js";
import type { HostTensor } from "../tensor.js";
import { newTrainingState } from "../training-state.js";
import type { ModelTypes, OpenTypes } from "../types.js";
import type {
  MetaValidation,
  MetaFitOptions,
  MetaFitResult,
  AdaptOptions,
  MetaEvaluateOptions,
  MetaReport,
  AdaptedModel,
  MetaModel,
} from "./api.js";
import { checkMetaFit, metaOptionsOf } from "./arguments.js";
import { watchMetaStep } from "./divergence.js";
import { familyEpisodes, uniformOf, type DrawEpisode, type TaskRows } from "./episodes.js";
import { adaptedState, checkSupport, isDue, writeColumns, writeMetaClock, writeNumbers } from "./calls.js";
import { divergedResult, finishedResult } from "./results.js";
import { encodeEpisode, takeMetaStep, type EncodedEpisode, type ReadyEpisode } from "./step.js";
import { TaskMeasures } from "./task-measures.js";

/** State of an adapted model that replaces the model's own, by name. */
type Adapted = ReadonlyMap<string, HostTensor>;

class RunningMetaModel extends RunningModel implements MetaModel {
  private readonly meta: MetaDescriptor;

  constructor(descriptor: ModelDescriptor, session: Session, seed: number) {
    super(descriptor, session, seed);
    if (!descriptor.meta) throw new InputError("the spec has no `meta` section.");
    this.meta = descriptor.meta;
  }

  override async fit(): Promise<never> {
    throw new InputError("a model with a `meta` section is trained by metaFit.");
  }

  override partialFit(): Promise<never> {
    return this.fit();
  }

  async fitTransforms(inputs: OpenTypes["inputs"], labels?: OpenTypes["labels"]): Promise<void> {
    this.refuseWhileRunning("fitTransforms");
    const withLabels =
      labels !== undefined || this.descriptor.tasks.some((task) => task.transforms.length > 0);
    const encoded = encodeData(this.descriptor, { inputs, labels }, withLabels);
    return this.turns.run(() => {
      this.transforms = pipelines(fitTransforms(this.descriptor, encoded));
      this.fitted = true;
    });
  }

  metaFit(options: MetaFitOptions = {}): Promise<MetaFitResult> {
    return this.asOnly("metaFit", async () => {
      checkMetaFit(options);
      const draw = options.draw ?? familyEpisodes(this.descriptor);
      await this.turns.run(() => {
        const { session, training: state } = this;
        if (options.resume) {
          this.refuseToResume();
          goOn({ session, state });
        } else this.training = newTrainingState(state.step);
      });
      const { loss, divergence } = await this.takeSteps(draw, options);
      if (divergence) return divergedResult(this.training, loss, divergence);
      return this.turns.run(() => {
        const { descriptor, session, training: state } = this;
        if (state.best) putBackBest({ descriptor, session, state });
        const isIdle = options.resume === true && Number.isNaN(loss) && !options.signal?.aborted;
        return finishedResult(state, loss, isIdle);
      });
    });
  }

  /** Returns the last meta-step's loss, which is NaN where there was none to do, and where it diverged if it did. */
  private async takeSteps(
    draw: DrawEpisode,
    options: MetaFitOptions,
  ): Promise<{ readonly loss: number; readonly divergence?: Divergence }> {
    const { training, turns, descriptor, session, seed } = this;
    const goesOn = this.meta.onDivergence === "continue";
    const watch = goesOn ? undefined : new DivergenceWatch({ descriptor, session, state: training, seed });
    const begun = options.resume && options.steps !== undefined ? 0 : training.start.step;
    const last = begun + (options.steps ?? this.meta.steps);
    const { validation: on } = options;
    const pause = createPause();
    let loss = Number.NaN;
    while (training.step < last && !options.signal?.aborted) {
      await pause();
      const episodes = this.drawStep(draw);
      const { divergence, validation } = await turns.run(async () => {
        loss = await this.metaStep(episodes, last, pause);
        training.step++;
        const { step } = training;
        const divergence = watch && (await watchMetaStep(watch, { step, loss, last }));
        if (divergence) return { divergence };
        const judged = on && isDue(on, training.step, last) ? await this.judge(on) : undefined;
        return { validation: judged };
      });
      if (divergence) return { loss, divergence };
      const { step } = training;
      const told = options.onStep?.({ step, steps: last, loss, ...(validation ? { validation } : {}) });
      if (isPromise(told)) await told;
    }
    return { loss };
  }

  /** Evaluates validation tasks, and keeps the weights if they are the best so far. */
  private async judge({ draw, episodes = 200 }: MetaValidation): Promise<MetaReport> {
    const report = await this.evaluateTasks({ draw, episodes });
    const value = report.loss.mean;
    const { best, step: at } = this.training;
    if (value !== null && (!best || value < best.value))
      this.training.best = { value, at, tensors: readTensors(this.session, weightNames(this.descriptor)) };
    return report;
  }

  /** Draws and checks all tasks of a meta-step before any of them is computed. */
  private drawStep(draw: DrawEpisode): EncodedEpisode[] {
    const { tasksPerStep } = this.meta;
    return Array.from({ length: tasksPerStep }, (_, k) => {
      const uniform = uniformOf(this.seed, "train", this.training.step * tasksPerStep + k);
      return encodeEpisode(this.descriptor, this.meta, draw(uniform, this.meta));
    });
  }

  private metaStep(
    episodes: readonly EncodedEpisode[],
    last: number,
    pause: () => Promise<void> | undefined,
  ): Promise<number> {
    const { training: state, session, seed } = this;
    // Whatever a caller's mistake can make fail comes before the first task's gradients are accumulated.
    const ways = session.prepare("gradients", 1).arguments[names.classNumbers]?.length;
    const ready = episodes.map((episode) => this.readyEpisode(episode, ways));
    return takeMetaStep({ session, state, seed, last, pause }, ready);
  }

  private readyEpisode({ support, query, classes }: EncodedEpisode, ways: number | undefined): ReadyEpisode {
    if (ways !== undefined && classes?.length !== ways)
      throw new InputError("the algorithm needs to know an episode's `classes` among those of training.");
    const columns = (rows: Encoded) => this.dataset(rows).arguments;
    return {
      support: columns(support),
      query: columns(query),
      classes: ways === undefined ? undefined : classes,
    };
  }

  async adapt(support: TaskRows, options: AdaptOptions = {}): Promise<AdaptedModel> {
    checkOptions("adapt", metaOptionsOf.adapt, options);
    const rows = this.encodeRows(support);
    const steps = options.steps ?? this.meta.innerSteps;
    return this.turns.run(async () => {
      await this.adaptTo(this.dataset(rows), steps);
      return this.adaptedModel(adaptedState(this.session), steps);
    });
  }

  /** A model with these adapted weights, which `done` inner steps have made. */
  private adaptedModel(adapted: Adapted, done: number): AdaptedModel {
    const withIt = <R>(work: () => Promise<R>): Promise<R> =>
      this.turns.run(() => {
        for (const [name, tensor] of adapted) this.session.write(name, tensor);
        return work();
      });
    return {
      predict: async (inputs) => {
        const rows = this.encodeInputs(inputs);
        return withIt(() => this.predictNow(rows));
      },
      evaluate: async (data) => {
        const rows = this.encodeRows(data);
        return withIt(() => this.evaluateNow(this.dataset(rows)));
      },
      adapt: async (support, options = {}) => {
        checkOptions("adapt", metaOptionsOf.adapt, options);
        if (this.meta.innerSteps === 0)
          throw new InputError("the algorithm keeps one support; adapt the model to all rows together.");
        const rows = this.encodeRows(support);
        const steps = options.steps ?? this.meta.innerSteps;
        return withIt(async () => {
          await this.goDown(this.dataset(rows), done, steps);
          return this.adaptedModel(adaptedState(this.session), done + steps);
        });
      },
      weight: (path) =>
        this.turns.run(() => {
          const tensor = adapted.get(names.adapted(path));
          return tensor ? weightValues(path, { ...tensor, data: tensor.data.slice() }) : this.weightNow(path);
        }),
    };
  }

  override async predict(inputs: RowsToPredict): Promise<OpenTypes["predictions"]> {
    const rows = this.encodeInputs(inputs);
    return this.turns.run(async () => {
      await this.unadapt();
      return this.predictNow(rows);
    });
  }

  override async evaluate(data: FitData): Promise<Report> {
    const rows = this.encodeRows(data);
    return this.turns.run(async () => {
      await this.unadapt();
      return this.evaluateNow(this.dataset(rows));
    });
  }

  protected override encodeInputs(inputs: RowsToPredict): Encoded {
    const encoded = super.encodeInputs(inputs);
    if (this.meta.severalRows && encoded.rows === 1)
      throw new InputError(
        "with `norm: transductive` a prediction depends on the rows beside it: give several rows, or choose `norm: support`.",
      );
    return encoded;
  }

  async metaEvaluate(options: MetaEvaluateOptions = {}): Promise<MetaReport> {
    checkOptions("metaEvaluate", metaOptionsOf.metaEvaluate, options);
    return this.turns.run(() => this.evaluateTasks(options));
  }

  private async evaluateTasks(options: MetaEvaluateOptions): Promise<MetaReport> {
    const { episodes = 600, seed = 0, steps = this.meta.innerSteps } = options;
    const draw = options.draw ?? familyEpisodes(this.descriptor);
    const measures = new TaskMeasures();
    for (let e = 0; e < episodes; e++) {
      const { support, query } = draw(uniformOf(seed, "test", e), this.meta);
      await this.adaptTo(this.dataset(this.encodeRows(support)), steps);
      measures.add(await this.evaluateNow(this.dataset(this.encodeRows(query))));
    }
    return {
      episodes,
      loss: measures.loss,
      metrics: measures.metricsOf(this.descriptor),
    };
  }

  private encodeRows(rows: TaskRows | FitData): Encoded {
    return encodeData(this.descriptor, rows, true);
  }

  /** Resets the session's adapted weights to the model's own. */
  private unadapt(): Promise<unknown> {
    return this.session.run("begin", {}, 1);
  }

  /** Adapts the session's weights to a support, and keeps what else predictions need of it. */
  private async adaptTo(support: Dataset, steps: number): Promise<void> {
    checkSupport(this.meta, support.rows, steps);
    await this.unadapt();
    await this.goDown(support, 0, steps);
  }

  /** Takes `steps` inner steps after `done` earlier ones, and keeps what else predictions need of the support. */
  private async goDown(support: Dataset, done: number, steps: number): Promise<void> {
    for (let k = 0; k < steps; k++) await this.onSupport("adapt", support, done + k);
    if (this.meta.keeps) await this.onSupport("keep", support, 0);
  }

  private async onSupport(program: "adapt" | "keep", support: Dataset, inner: number): Promise<void> {
    const call = this.session.prepare(program, support.rows);
    writeMetaClock(call, this.seed, this.training);
    writeNumbers(call, { [names.innerStep]: inner });
    writeColumns(call, support.arguments, "support/");
    const working = call.run();
    if (working) await working;
  }
}

/** Starts a model that learns to learn: its weights begin as the seed says. Throws an InputError without a `meta` section. */
export async function startMetaModel<T extends ModelTypes = OpenTypes>(
  descriptor: ModelDescriptor,
  session: Session,
  options: { readonly seed?: number } = {},
): Promise<MetaModel<T>> {
  const seed = seedOf(descriptor, options);
  const model: unknown = new RunningMetaModel(descriptor, session, seed);
  await session.run("init", { [names.seed]: intScalar(seed) }, 1);
  await session.run("begin", {}, 1);
  // The caller vouches for these types, as in `startModel`.
  return model as MetaModel<T>;
}
