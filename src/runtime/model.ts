import type { FitData, ModelFitOptions, EpochData, PartialFitOptions, WeightValues, Model } from "./api.js";
import { readCheckpoint, writeCheckpoint } from "./checkpoint.js";
import type { Dataset } from "./dataset.js";
import type { ModelDescriptor } from "./descriptor.js";
import { InputError } from "./errors.js";
import { evaluateDataset, outputsOf, overChunks, takeOutput, type Report } from "./evaluation.js";
import { bytesOf, checkArgument, checkNotes, checkOptions, optionsOf, seedOf, text } from "./arguments.js";
import { runFit } from "./fit.js";
import type { FitResult, StepEvent } from "./fit-api.js";
import { fitOneStep } from "./partial-fit.js";
import { fitCheckpoint, fitWeights } from "./fits.js";
import { own } from "./own.js";
import { fitTransforms, pipelines, toDataset, type Fitted, type Pipelines } from "./pipeline.js";
import { encodeData, predictable, type Encoded } from "./raw-data.js";
import { rowOf, toPrediction } from "./predictions.js";
import { intScalar, names } from "./programs.js";
import type { Session } from "./session.js";
import { writeStatistics } from "./statistics.js";
import { newTrainingState } from "./training-state.js";
import type { HostTensor } from "./tensor.js";
import { weightNumbers, weightValues } from "./weight-values.js";
import { listed } from "./words.js";
import { elementCount } from "./elements.js";
import { unlessAborted } from "./pause.js";
import { Turns } from "./turns.js";
import type { ModelTypes, OpenTypes, Prediction, RowPrediction } from "./types.js";

/** Starts a model: its weights begin as the seed says. */
export async function startModel<T extends ModelTypes = OpenTypes>(
  descriptor: ModelDescriptor,
  session: Session,
  options: { readonly seed?: number } = {},
): Promise<Model<T>> {
  const seed = seedOf(descriptor, options);
  await session.run("init", { [names.seed]: intScalar(seed) }, 1);
  const model: unknown = new RunningModel(descriptor, session, seed);
  // The caller vouches for the types of rows and predictions; a generated module's come from the same spec as the descriptor.
  return model as Model<T>;
}

/** Values by input, or a list of rows. */
export type RowsToPredict = OpenTypes["inputs"] | readonly OpenTypes["row"][];

/** Checks rows by the descriptor at run time; the types that a caller knows are only put on in `startModel`. */
export class RunningModel implements Model {
  protected training = newTrainingState();
  protected transforms: Pipelines = pipelines(new Map());
  /** Whether transforms and statistics have been fitted. */
  protected fitted = false;
  protected readonly turns = new Turns();
  /** The name of the training call that is running. */
  private running: string | undefined;
  /** What the checkpoint that was loaded last has not, and training would need to go on from it. */
  private lacking: readonly string[] = [];

  constructor(
    readonly descriptor: ModelDescriptor,
    protected readonly session: Session,
    public seed: number,
  ) {}

  get name(): string {
    return this.descriptor.name;
  }

  get engine(): string {
    return this.session.engine;
  }

  get progress(): { step: number; epoch: number } {
    return { step: this.training.step, epoch: this.training.epoch };
  }

  fit(data: FitData | EpochData, options: ModelFitOptions = {}): Promise<FitResult> {
    return this.asOnly("fit", async () => {
      checkOptions("fit", optionsOf.fit, options);
      const validation = options.validation && encodeData(this.descriptor, options.validation, true);
      const { signal } = options;
      const first =
        typeof data === "function"
          ? await unlessAborted(Promise.resolve(data(this.training.epoch + 1)), signal)
          : data;
      if (first === undefined && signal?.aborted)
        return { epochs: [], bestEpoch: undefined, stopped: "aborted" };
      const encoded = this.rowsToTrainOn(first);
      const begun = await this.turns.run(() => this.begin(encoded, validation, options));
      const rowsOf =
        typeof data === "function"
          ? async (epoch: number) => this.dataset(this.rowsToTrainOn(await data(epoch)))
          : undefined;
      const { descriptor, session, transforms: pipelines, turns, training: state, seed } = this;
      const fitting = { descriptor, session, pipelines, turns, state, seed, rowsOf, ...begun };
      return runFit(fitting, options);
    });
  }

  /** Prepares a training; whatever a caller's mistake can make fail comes before any change. */
  private begin(
    encoded: Encoded,
    judging: Encoded | undefined,
    { resume, refit }: ModelFitOptions,
  ): { training: Dataset; validation: Dataset | undefined } {
    if (resume) this.refuseToResume();
    const keeps = this.fitted && !refit;
    const transforms = keeps ? this.transforms : pipelines(fitTransforms(this.descriptor, encoded));
    const training = this.dataset(encoded, transforms.fitted);
    const validation = judging && this.dataset(judging, transforms.fitted);
    if (validation?.rows === 0) throw new InputError("there is no row to validate on.");
    this.takeFitted(keeps, transforms, training);
    const { step, epoch } = this.training;
    if (!resume) this.training = newTrainingState(step, epoch);
    this.lacking = [];
    return { training, validation };
  }

  private takeFitted(keeps: boolean, transforms: Pipelines, training: Dataset): void {
    if (!keeps) writeStatistics(this.descriptor, this.session, training);
    this.transforms = transforms;
    this.fitted = true;
  }

  async partialFit(data: FitData, options: PartialFitOptions = {}): Promise<StepEvent> {
    this.refuseWhileRunning("partialFit");
    checkOptions("partialFit", optionsOf.partialFit, options);
    const { lr } = options;
    const encoded = this.rowsToTrainOn(data);
    return this.turns.run(async () => {
      const keeps = this.fitted;
      const transforms = keeps ? this.transforms : pipelines(fitTransforms(this.descriptor, encoded));
      const training = this.dataset(encoded, transforms.fitted);
      this.takeFitted(keeps, transforms, training);
      const { descriptor, session, training: state, seed } = this;
      return fitOneStep({ descriptor, session, training, state, seed }, lr);
    });
  }

  async evaluate(data: FitData): Promise<Report> {
    const encoded = encodeData(this.descriptor, data, true);
    if (encoded.rows === 0) throw new InputError("there is no row to evaluate.");
    return this.turns.run(() => this.evaluateNow(this.dataset(encoded)));
  }

  protected evaluateNow(dataset: Dataset): Promise<Report> {
    return evaluateDataset(this.descriptor, this.session, this.transforms, dataset);
  }

  async predict(inputs: RowsToPredict): Promise<OpenTypes["predictions"]> {
    const encoded = this.encodeInputs(inputs);
    return this.turns.run(() => this.predictNow(encoded));
  }

  protected encodeInputs(inputs: RowsToPredict): Encoded {
    return encodeData(this.descriptor, Array.isArray(inputs) ? inputs : { inputs }, false);
  }

  protected async predictNow(encoded: Encoded): Promise<OpenTypes["predictions"]> {
    const { descriptor, session } = this;
    const dataset = toDataset(descriptor, encoded, this.transforms.fitted, session.precision, false);
    const outputs = outputsOf(predictable(descriptor, encoded), dataset.rows);
    await overChunks(session, "predict", dataset, (call, start) => {
      for (const output of outputs) takeOutput(output, call, start);
    });
    const predictions = outputs.map(({ task, output }): [string, Prediction] => [
      task.name,
      toPrediction(task, this.transforms, output, dataset.rows),
    ]);
    return Object.fromEntries(predictions);
  }

  async predictOne(row: OpenTypes["row"]): Promise<OpenTypes["rowPredictions"]> {
    const predictions = await this.predict([row]);
    const rows = this.descriptor.tasks.flatMap((task): [string, RowPrediction][] => {
      const prediction = own(predictions, task.name);
      return prediction ? [[task.name, rowOf(task, prediction, 0)]] : [];
    });
    return Object.fromEntries(rows);
  }

  async save(notes: Readonly<Record<string, string>> = {}): Promise<Uint8Array> {
    checkNotes(notes);
    return this.turns.run(() => {
      const { descriptor, session, training, seed } = this;
      const fitted = this.fitted ? this.transforms.fitted : undefined;
      return writeCheckpoint({ descriptor, session, training, seed, fitted, notes });
    });
  }

  async load(file: ArrayBufferLike | Uint8Array): Promise<Readonly<Record<string, string>>> {
    this.refuseWhileRunning("load");
    const bytes = bytesOf("load", file);
    return this.turns.run(async () => {
      const content = await readCheckpoint(this.descriptor, bytes);
      if (content.stranger !== undefined) {
        throw new InputError(
          `${content.stranger}; starting from it takes the weights that fit (\`loadWeights\`, \`nnc train --from\`).`,
        );
      }
      const { taken, lacking } = fitCheckpoint(this.descriptor, this.session, content);
      const transforms = pipelines(content.fitted ?? new Map());
      // What the checkpoint has not begins anew, whatever was trained before.
      if (lacking.length > 0) await this.session.run("init", { [names.seed]: intScalar(content.seed) }, 1);
      for (const [name, tensor] of taken) this.session.write(name, tensor);
      this.lacking = lacking;
      this.training = content.training;
      this.seed = content.seed;
      this.transforms = transforms;
      this.fitted = content.fitted !== undefined;
      return content.notes;
    });
  }

  /** Throws an InputError where the checkpoint that was loaded has not all that training would go on with. */
  protected refuseToResume(): void {
    if (this.lacking.length === 0) return;
    throw new InputError(
      `training cannot go on from the checkpoint: it lacks ${listed(this.lacking)}, as that of another train section does. Without \`resume\` a training begins anew from its weights.`,
    );
  }

  async loadWeights(file: ArrayBufferLike | Uint8Array) {
    const bytes = bytesOf("loadWeights", file);
    return this.turns.run(async () => {
      const { tensors } = await readCheckpoint(this.descriptor, bytes);
      const { taken, ...others } = fitWeights(this.descriptor, this.session, tensors);
      for (const [name, tensor] of taken) this.writeWeight(name, tensor);
      return { taken: taken.map(([name]) => name), ...others };
    });
  }

  async weight(path: string): Promise<WeightValues> {
    checkArgument("weight", "path", text, path);
    return this.turns.run(() => this.weightNow(path));
  }

  protected weightNow(path: string): WeightValues {
    this.known(path);
    return weightValues(path, this.session.read(path));
  }

  async setWeight(path: string, data: ArrayLike<number>): Promise<void> {
    checkArgument("setWeight", "path", text, path);
    const numbers = weightNumbers(path, data);
    return this.turns.run(() => {
      const shape = this.known(path);
      const size = elementCount(shape);
      if (numbers.length !== size)
        throw new InputError(
          `${path} is [${shape.join(", ")}] and takes ${size} numbers, not ${numbers.length}.`,
        );
      this.writeWeight(path, { dtype: "float", shape, data: numbers });
    });
  }

  /** Writes a weight into the session, and into the weights that training resumes from. */
  private writeWeight(path: string, tensor: HostTensor): void {
    this.session.write(path, tensor);
    const { last } = this.training;
    if (last?.has(path)) last.set(path, tensor);
  }

  dispose(): void {
    this.turns.close(() => this.session.dispose());
  }

  /** Runs a training; throws if another one is running. */
  protected async asOnly<R>(name: string, work: () => Promise<R>): Promise<R> {
    this.refuseWhileRunning(name);
    this.running = name;
    try {
      return await work();
    } finally {
      this.running = undefined;
    }
  }

  protected refuseWhileRunning(name: string): void {
    if (this.running === undefined) return;
    throw new InputError(
      `${name} cannot run while a ${this.running} of the model is running: wait for it, or abort it by its \`signal\`.`,
    );
  }

  private known(path: string): readonly number[] {
    const shape = own(this.descriptor.weights, path);
    if (shape) return shape;
    if (this.descriptor.state.includes(path)) return this.session.read(path).shape;
    throw new InputError(`there is no weight ${path}.`);
  }

  private rowsToTrainOn(data: FitData | undefined): Encoded {
    const encoded = encodeData(this.descriptor, data, true);
    if (encoded.rows === 0) throw new InputError("there is no row to train on.");
    return encoded;
  }

  /** Labelled rows as programs take them. */
  protected dataset(encoded: Encoded, fitted: Fitted = this.transforms.fitted): Dataset {
    return toDataset(this.descriptor, encoded, fitted, this.session.precision, true);
  }
}
