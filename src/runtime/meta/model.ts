import type { Column, Dataset } from "../dataset.js";
import type { MetaDescriptor, ModelDescriptor } from "../descriptor.js";
import { InputError } from "../errors.js";
import { evaluateDataset, type Report } from "../evaluation.js";
import { RunningModel, type FitData, type Model } from "../model.js";
import { putBackBest, readTensors, weightNames } from "../fit.js";
import { createPause } from "../pause.js";
import { encodeData, fitTransforms, pipelines, type RawData } from "../pipeline.js";
import { intScalar, names } from "../programs.js";
import type { PreparedCall, Session } from "../session.js";
import type { HostTensor } from "../tensor.js";
import { newTrainingState } from "../training-state.js";
import type { ModelTypes, OpenTypes } from "../types.js";
import { familyEpisodes, uniformOf, type DrawEpisode, type Episode, type TaskRows } from "./episodes.js";
import { summarize, type Spread } from "./statistics.js";

export interface MetaStepEvent<T extends ModelTypes = OpenTypes> {
  /** Meta-steps done, this one included, and how many there are to be. */
  readonly step: number;
  readonly steps: number;
  /** The mean over the step's tasks of the query's loss after adaptation. */
  readonly loss: number;
  /** On validation tasks, where it is looked at them after this step. */
  readonly validation?: MetaReport<T>;
}

/** Tasks to choose the weights by. */
export interface MetaValidation<T extends ModelTypes = OpenTypes> {
  readonly draw: DrawEpisode<T>;
  /** How many of them: 200 by default. */
  readonly episodes?: number;
  /** Meta-steps from one look to the next: a twentieth of all by default. The last step is always looked at. */
  readonly every?: number;
}

export interface MetaFitOptions<T extends ModelTypes = OpenTypes> {
  /** Meta-steps; the spec's by default. With `resume` all there are to be, those before included. */
  readonly steps?: number;
  /** Goes on from where an earlier training stood, instead of beginning a new count of steps. */
  readonly resume?: boolean;
  /** Makes a task's rows; the spec's `tasks` by default. */
  readonly draw?: DrawEpisode<T>;
  /** The model then ends with the weights that did best on them. */
  readonly validation?: MetaValidation<T>;
  readonly signal?: AbortSignal;
  /** May return a promise, which is waited for. */
  readonly onStep?: (event: MetaStepEvent<T>) => unknown;
}

export interface MetaFitResult {
  /** The last meta-step's loss; NaN where there was none to do. */
  readonly loss: number;
  /** Meta-steps done in all. */
  readonly steps: number;
  /** The step whose weights the model has now; undefined without validation. */
  readonly bestStep: number | undefined;
}

export interface AdaptOptions {
  /** Steps of adaptation; the inner steps that were trained by default. */
  readonly steps?: number;
}

export interface MetaEvaluateOptions<T extends ModelTypes = OpenTypes> extends AdaptOptions {
  /** How many tasks: 600 by default. */
  readonly episodes?: number;
  readonly draw?: DrawEpisode<T>;
  /** Of the test tasks; the same seed gives every model the same tasks. 0 by default. */
  readonly seed?: number;
}

/** Over the test tasks, on their queries after adaptation. */
export interface MetaReport<T extends ModelTypes = OpenTypes> {
  readonly episodes: number;
  readonly loss: Spread;
  readonly metrics: {
    readonly [Task in keyof T["metrics"]]: { readonly [Metric in keyof T["metrics"][Task]]: Spread };
  };
}

/** A model with the weights of one task. */
export interface AdaptedModel<T extends ModelTypes = OpenTypes> {
  predict(inputs: T["inputs"]): Promise<T["predictions"]>;
  evaluate(data: TaskRows<T>): Promise<Report<T>>;
  /**
   * Adapts further, from the weights of this one, to rows that have come since. Throws an InputError where the algorithm has
   * no inner steps: there a model is adapted to all rows together.
   */
  adapt(support: TaskRows<T>, options?: AdaptOptions): Promise<AdaptedModel<T>>;
  /** An adapted weight by its path, row-major. */
  weight(path: string): { readonly shape: readonly number[]; readonly data: Float32Array | Float64Array };
}

/** A model that learns to learn. */
export interface MetaModel<T extends ModelTypes = OpenTypes> extends Omit<Model<T>, "fit"> {
  /** Trains on tasks. Throws an InputError where their rows do not fit the model. */
  metaFit(options?: MetaFitOptions<T>): Promise<MetaFitResult>;
  /**
   * Fits the transforms of inputs and of labels on raw rows of training, before anything else. Labels may be left out
   * where none has a transform.
   */
  fitTransforms(inputs: T["inputs"], labels?: T["labels"]): void;
  /** Adapts to a task's labelled rows, without compiling anything. */
  adapt(support: TaskRows<T>, options?: AdaptOptions): Promise<AdaptedModel<T>>;
  /** Adapts to tasks that were not trained on, and judges by their queries. */
  metaEvaluate(options?: MetaEvaluateOptions<T>): Promise<MetaReport<T>>;
}

/** What an adapted model reads in place of the model's own weights. */
type Adapted = Readonly<Record<string, HostTensor>>;

class RunningMetaModel<T extends ModelTypes> extends RunningModel<T> implements MetaModel<T> {
  private readonly meta: MetaDescriptor;
  private busy: Promise<unknown> = Promise.resolve();

  constructor(descriptor: ModelDescriptor, session: Session, seed: number) {
    super(descriptor, session, seed);
    if (!descriptor.meta) throw new InputError("the spec has no `meta` section.");
    this.meta = descriptor.meta;
  }

  override async fit(): Promise<never> {
    throw new InputError("a model with a `meta` section is trained by metaFit.");
  }

  fitTransforms(inputs: T["inputs"], labels?: T["labels"]): void {
    const withLabels =
      labels !== undefined || this.descriptor.tasks.some((task) => task.transforms.length > 0);
    const encoded = encodeData(this.descriptor, { inputs, labels } as RawData, withLabels);
    this.transforms = pipelines(fitTransforms(this.descriptor, encoded));
  }

  async metaFit(options: MetaFitOptions<T> = {}): Promise<MetaFitResult> {
    const draw = options.draw ?? familyEpisodes<T>(this.descriptor);
    const steps = options.steps ?? this.meta.steps;
    if (options.resume) this.goOn();
    else this.training = { ...newTrainingState(), step: this.training.step };
    const last = options.resume ? steps : this.training.step + steps;
    const pause = createPause();
    let loss = Number.NaN;
    while (this.training.step < last && !options.signal?.aborted) {
      loss = await this.metaStep(draw, last, pause);
      this.training.step++;
      const { step } = this.training;
      const { validation: on } = options;
      const validation = on && isDue(on, step, last) ? await this.judge(on) : undefined;
      const told = options.onStep?.({ step, steps: last, loss, ...(validation ? { validation } : {}) });
      if (told instanceof Promise) await told;
    }
    const { descriptor, session, training: state } = this;
    if (state.best) putBackBest({ descriptor, session, state });
    return { loss, steps: state.step, bestStep: state.best?.at };
  }

  /** Looks at validation tasks, and keeps the weights where none did better. */
  private async judge({ draw, episodes = 200 }: MetaValidation<T>): Promise<MetaReport<T>> {
    const report = await this.metaEvaluate({ draw, episodes });
    const value = report.loss.mean;
    const { best, step: at } = this.training;
    if (value !== null && (!best || value < best.value))
      this.training.best = { value, at, tensors: readTensors(this.session, weightNames(this.descriptor)) };
    return report;
  }

  private async metaStep(draw: DrawEpisode<T>, last: number, pause: () => Promise<void> | undefined) {
    const { tasksPerStep } = this.meta;
    const { step } = this.training;
    let sum = 0;
    for (let k = 0; k < tasksPerStep; k++) {
      const waiting = pause();
      if (waiting) await waiting;
      const episode = draw(uniformOf(this.seed, "train", step * tasksPerStep + k), this.meta);
      const call = this.session.prepare("gradients", 1);
      this.writeClock(call, last);
      writeNumbers(call, { [names.taskNumber]: k });
      this.writeEpisode(call, episode);
      const working = call.run();
      if (working) await working;
      sum += call.results[names.metaLoss]![0]!;
    }
    const update = this.session.prepare("update", 1);
    this.writeClock(update, last);
    update.arguments["rows"]![0] = tasksPerStep;
    const working = update.run();
    if (working) await working;
    return sum / tasksPerStep;
  }

  private writeClock(call: PreparedCall, last: number): void {
    const { seed, training } = this;
    writeNumbers(call, { seed, step: training.step, total_steps: last, epoch: 0, lr_scale: 1 });
  }

  private writeEpisode(call: PreparedCall, { support, query, classes }: Episode<T>): void {
    const numbers = call.arguments[names.classNumbers];
    if (numbers) {
      if (classes?.length !== numbers.length)
        throw new InputError("the algorithm needs to know an episode's `classes` among those of training.");
      numbers.set(classes);
    }
    for (const [part, rows] of [
      ["support", support],
      ["query", query],
    ] as const) {
      const wanted = this.meta[part];
      const { rows: found, arguments: columns } = this.rowsOf(rows);
      if (found !== wanted) throw new InputError(`the task's ${part} has ${found} rows, not ${wanted}.`);
      writeColumns(call, columns, `${part}/`);
    }
  }

  async adapt(support: TaskRows<T>, options: AdaptOptions = {}): Promise<AdaptedModel<T>> {
    const rows = this.rowsOf(support);
    const steps = options.steps ?? this.meta.innerSteps;
    return this.alone(async () => {
      await this.adaptTo(rows, steps);
      return this.adaptedModel(this.adaptedState(), steps);
    });
  }

  /** What so many steps have made of the weights. */
  private adaptedModel(adapted: Adapted, done: number): AdaptedModel<T> {
    const withIt = <R>(work: () => Promise<R>): Promise<R> =>
      this.alone(() => {
        for (const [name, tensor] of Object.entries(adapted)) this.session.write(name, tensor);
        return work();
      });
    return {
      predict: (inputs) => withIt(() => this.predictRows(inputs)),
      evaluate: (data) => withIt(() => this.evaluateRows(this.rowsOf(data)) as Promise<Report<T>>),
      adapt: async (support, options = {}) => {
        if (this.meta.innerSteps === 0)
          throw new InputError("the algorithm keeps one support; adapt the model to all rows together.");
        const rows = this.rowsOf(support);
        const steps = options.steps ?? this.meta.innerSteps;
        return withIt(async () => {
          await this.goDown(rows, done, steps);
          return this.adaptedModel(this.adaptedState(), done + steps);
        });
      },
      weight: (path) => {
        const tensor = adapted[names.adapted(path)];
        if (!tensor) return this.weight(path);
        return { shape: tensor.shape, data: tensor.data as Float32Array | Float64Array };
      },
    };
  }

  override predict(inputs: T["inputs"]): Promise<T["predictions"]> {
    return this.alone(async () => {
      await this.begin();
      return this.predictRows(inputs);
    });
  }

  override evaluate(data: FitData<T>): Promise<Report<T>> {
    return this.alone(async () => {
      await this.begin();
      return super.evaluate(data);
    });
  }

  private async predictRows(inputs: T["inputs"]): Promise<T["predictions"]> {
    const encoded = encodeData(this.descriptor, { inputs: inputs as RawData["inputs"] }, false);
    if (this.meta.severalRows && encoded.rows === 1)
      throw new InputError(
        "with `norm: transductive` a prediction depends on the rows beside it: give several rows, or choose `norm: support`.",
      );
    return super.predict(inputs);
  }

  metaEvaluate(options: MetaEvaluateOptions<T> = {}): Promise<MetaReport<T>> {
    return this.alone(() => this.evaluateTasks(options));
  }

  private async evaluateTasks(options: MetaEvaluateOptions<T>): Promise<MetaReport<T>> {
    const { episodes = 600, seed = 0, steps = this.meta.innerSteps } = options;
    const draw = options.draw ?? familyEpisodes<T>(this.descriptor);
    const losses: number[] = [];
    const metrics = new Map<string, number[]>();
    for (let e = 0; e < episodes; e++) {
      const { support, query } = draw(uniformOf(seed, "test", e), this.meta);
      await this.adaptTo(this.rowsOf(support), steps);
      const report = await this.evaluateRows(this.rowsOf(query));
      losses.push(report.loss);
      for (const [task, values] of Object.entries(report.metrics))
        for (const [metric, value] of Object.entries(values)) {
          const key = `${task}.${metric}`;
          const found = metrics.get(key) ?? [];
          found.push(value ?? Number.NaN);
          metrics.set(key, found);
        }
    }
    const measured = this.descriptor.tasks.map((task): [string, Record<string, Spread>] => [
      task.name,
      Object.fromEntries(
        task.metrics.map(({ name }) => [name, summarize(metrics.get(`${task.name}.${name}`) ?? [])]),
      ),
    ]);
    return {
      episodes,
      loss: summarize(losses),
      metrics: Object.fromEntries(measured) as MetaReport<T>["metrics"],
    };
  }

  private rowsOf(rows: TaskRows<T>): Dataset {
    return this.labelled(rows as FitData<T>, this.transforms.fitted);
  }

  private evaluateRows(dataset: Dataset): Promise<Report> {
    return evaluateDataset(this.descriptor, this.session, this.transforms, dataset);
  }

  private begin(): Promise<unknown> {
    return this.session.run("begin", {}, 1);
  }

  /** Leaves in the session what a task's support makes of the weights, and what is kept of it. */
  private async adaptTo(support: Dataset, steps: number): Promise<void> {
    const { innerSteps, capacity } = this.meta;
    if (innerSteps === 0 && steps > 0) throw new InputError("the algorithm has no inner steps.");
    if (capacity !== null && support.rows > capacity)
      throw new InputError(
        `a support has at most ${capacity} rows, as in training; this has ${support.rows}.`,
      );
    await this.begin();
    await this.goDown(support, 0, steps);
  }

  /** Takes inner steps after so many before, and keeps of the support what is to be kept. */
  private async goDown(support: Dataset, done: number, steps: number): Promise<void> {
    for (let k = 0; k < steps; k++) await this.onSupport("adapt", support, done + k);
    if (this.meta.keeps) await this.onSupport("keep", support, 0);
  }

  private async onSupport(program: "adapt" | "keep", support: Dataset, inner: number): Promise<void> {
    const call = this.session.prepare(program, support.rows);
    this.writeClock(call, this.training.step);
    writeNumbers(call, { [names.innerStep]: inner });
    writeColumns(call, support.arguments, "support/");
    const working = call.run();
    if (working) await working;
  }

  private adaptedState(): Adapted {
    const paths = this.session.stateNames().filter((name) => name.startsWith(names.adapted("")));
    return Object.fromEntries(paths.map((name) => [name, this.session.read(name)]));
  }

  /** Tasks share the session: whoever reads adapted weights waits for those before. */
  private alone<R>(work: () => Promise<R>): Promise<R> {
    const done = this.busy.then(work);
    this.busy = done.catch(() => undefined);
    return done;
  }
}

function isDue({ every }: Pick<MetaValidation, "every">, step: number, last: number): boolean {
  return step === last || step % (every ?? Math.max(1, Math.round(last / 20))) === 0;
}

function writeNumbers(call: PreparedCall, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) {
    const to = call.arguments[name];
    if (to) to[0] = value;
  }
}

function writeColumns(call: PreparedCall, columns: Readonly<Record<string, Column>>, prefix: string): void {
  for (const [name, { data }] of Object.entries(columns)) {
    const to = call.arguments[prefix + name];
    if (to) to.set(data);
  }
}

/** Starts a model that learns to learn: its weights begin as the seed says. Throws an InputError without a `meta` section. */
export async function startMetaModel<T extends ModelTypes = OpenTypes>(
  descriptor: ModelDescriptor,
  session: Session,
  options: { readonly seed?: number } = {},
): Promise<MetaModel<T>> {
  const seed = options.seed ?? descriptor.train.seed;
  const model = new RunningMetaModel<T>(descriptor, session, seed);
  await session.run("init", { seed: intScalar(seed) }, 1);
  await session.run("begin", {}, 1);
  return model;
}
