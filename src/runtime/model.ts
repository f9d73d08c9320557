import { readCheckpoint, writeCheckpoint } from "./checkpoint.js";
import type { Dataset } from "./dataset.js";
import type { ModelDescriptor } from "./descriptor.js";
import { InputError } from "./errors.js";
import { evaluateDataset, outputWidth, overChunks, type Report } from "./evaluation.js";
import { runFit, weightNames, type FitOptions, type FitResult } from "./fit.js";
import {
  encodeData,
  fitTransforms,
  pipelines,
  predictable,
  toDataset,
  type Fitted,
  type Pipelines,
  type RawData,
} from "./pipeline.js";
import { rowOf, toPrediction } from "./predictions.js";
import { intScalar, names } from "./programs.js";
import { rawRow } from "./row.js";
import type { Session } from "./session.js";
import { writeStatistics } from "./statistics.js";
import { newTrainingState } from "./training-state.js";
import type { ModelTypes, OpenTypes, Prediction, RowPrediction } from "./types.js";

/** Raw rows to train on or to be judged by. */
export type FitData<T extends ModelTypes = OpenTypes> = RowsData<T> & SourceData<T["sources"]>;

/** Which source each row is of, by name or index: to be given where the spec has several. */
type SourceData<S extends string> = [S] extends [never]
  ? unknown
  : string extends S
    ? { readonly source?: ArrayLike<S | number> }
    : { readonly source: ArrayLike<S | number> };

interface RowsData<T extends ModelTypes> {
  readonly inputs: T["inputs"];
  readonly labels: T["labels"];
  /** One weight a row, where the spec maps `row_weight`. */
  readonly rowWeight?: ArrayLike<number>;
  /** Weights of a task's rows, where the spec maps `row_weight TASK`. */
  readonly rowWeights?: Readonly<Record<string, ArrayLike<number>>>;
}

export interface ModelFitOptions<T extends ModelTypes = OpenTypes> extends FitOptions<T> {
  /** What early stopping and the metrics of an epoch look at. */
  readonly validation?: FitData<T>;
}

/** A model that trains, evaluates and predicts on one engine. */
export interface Model<T extends ModelTypes = OpenTypes> {
  readonly name: string;
  /** The engine with its backend: `tfjs (wasm)`. */
  readonly engine: string;
  readonly descriptor: ModelDescriptor;
  readonly seed: number;
  /** Steps and epochs done so far. */
  readonly progress: { readonly step: number; readonly epoch: number };
  /** Trains on raw values; the transforms are fitted on them. Throws an InputError where they do not fit the model. */
  fit(data: FitData<T>, options?: ModelFitOptions<T>): Promise<FitResult<T>>;
  /** Losses and metrics over all rows; metrics in original units. */
  evaluate(data: FitData<T>): Promise<Report<T>>;
  /**
   * Predictions in original units and class names. Of a model of several sources, inputs that some of them lack may be
   * left out, and so are then the tasks that depend on them.
   */
  predict(inputs: T["inputs"]): Promise<T["predictions"]>;
  /** The prediction of one raw row, by input names or by the columns of the data section. */
  predictOne(row: T["row"]): Promise<T["rowPredictions"]>;
  /** A checkpoint, as safetensors bytes. */
  save(notes?: Readonly<Record<string, string>>): Uint8Array;
  /** Takes a checkpoint of this model. Returns the notes that were saved with it. */
  load(bytes: Uint8Array): Promise<Readonly<Record<string, string>>>;
  /** Takes the weights of another model's checkpoint where paths and shapes agree, and says what did not. */
  loadWeights(bytes: Uint8Array): {
    readonly taken: string[];
    readonly missing: string[];
    readonly mismatched: string[];
  };
  /** A weight by its path, row-major. */
  weight(path: string): { readonly shape: readonly number[]; readonly data: Float32Array | Float64Array };
  setWeight(path: string, data: ArrayLike<number>): void;
  dispose(): void;
}

/** Starts a model: its weights begin as the seed says. */
export async function startModel<T extends ModelTypes = OpenTypes>(
  descriptor: ModelDescriptor,
  session: Session,
  options: { readonly seed?: number } = {},
): Promise<Model<T>> {
  const seed = options.seed ?? descriptor.train.seed;
  await session.run("init", { seed: intScalar(seed) }, 1);
  return new RunningModel<T>(descriptor, session, seed);
}

export class RunningModel<T extends ModelTypes> implements Model<T> {
  protected training = newTrainingState();
  protected transforms: Pipelines = pipelines({});

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

  async fit(data: FitData<T>, options: ModelFitOptions<T> = {}): Promise<FitResult<T>> {
    const encoded = encodeData(this.descriptor, data as RawData, true);
    if (encoded.rows === 0) throw new InputError("there is no row to train on.");
    // Everything that can fail for a caller's mistake comes before anything changes.
    const fitted = options.resume ? this.transforms.fitted : fitTransforms(this.descriptor, encoded);
    const training = this.dataset(encoded, fitted);
    const validation = options.validation && this.labelled(options.validation, fitted);
    this.transforms = pipelines(fitted);
    if (options.resume) this.goOn();
    else {
      this.training = { ...newTrainingState(), step: this.training.step, epoch: this.training.epoch };
      writeStatistics(this.descriptor, this.session, training);
    }
    const { descriptor, session, transforms, training: state, seed } = this;
    const fitting = { descriptor, session, pipelines: transforms, training, validation, state, seed };
    return runFit(fitting, options as FitOptions) as Promise<FitResult<T>>;
  }

  /** Puts back what training stood at, where the best weights have taken its place. */
  protected goOn(): void {
    const { last } = this.training;
    if (!last) return;
    for (const [name, tensor] of Object.entries(last)) this.session.write(name, tensor);
    this.training.last = undefined;
  }

  evaluate(data: FitData<T>): Promise<Report<T>> {
    const report = evaluateDataset(
      this.descriptor,
      this.session,
      this.transforms,
      this.labelled(data, this.transforms.fitted),
    );
    return report as Promise<Report<T>>;
  }

  async predict(inputs: T["inputs"]): Promise<T["predictions"]> {
    const { descriptor, session } = this;
    const encoded = encodeData(descriptor, { inputs: inputs as RawData["inputs"] }, false);
    const dataset = toDataset(descriptor, encoded, this.transforms.fitted, session.precision, false);
    const tasks = predictable(descriptor, encoded);
    const outputs = new Map(tasks.map((t) => [t.name, new Float64Array(dataset.rows * outputWidth(t))]));
    await overChunks(session, "predict", dataset, (results, start) => {
      for (const task of tasks) {
        outputs.get(task.name)!.set(results[names.prediction(task.name)]!, start * outputWidth(task));
      }
    });
    const predictions = tasks.map((task): [string, Prediction] => [
      task.name,
      toPrediction(task, this.transforms, outputs.get(task.name)!, dataset.rows),
    ]);
    return Object.fromEntries(predictions) as T["predictions"];
  }

  async predictOne(row: T["row"]): Promise<T["rowPredictions"]> {
    const inputs = rawRow(this.descriptor, row as Readonly<Record<string, unknown>>);
    const predictions = (await this.predict(inputs as T["inputs"])) as Record<string, Prediction>;
    const predicted = this.descriptor.tasks.filter((task) => Object.hasOwn(predictions, task.name));
    const rows = predicted.map((task): [string, RowPrediction] => [
      task.name,
      rowOf(task, predictions[task.name]!, 0),
    ]);
    return Object.fromEntries(rows) as T["rowPredictions"];
  }

  save(notes: Readonly<Record<string, string>> = {}): Uint8Array {
    return writeCheckpoint(
      this.descriptor,
      this.session,
      this.training,
      this.seed,
      this.transforms.fitted,
      notes,
    );
  }

  async load(bytes: Uint8Array): Promise<Readonly<Record<string, string>>> {
    const content = readCheckpoint(this.descriptor, bytes);
    if (content.descriptorHash !== this.descriptor.hash) {
      throw new InputError(
        "the checkpoint belongs to another model, or to another version of this one; starting from it takes the weights that fit (`loadWeights`, `nnc train --from`).",
      );
    }
    // Another train section keeps other slots, and this one has no use for them.
    const known = new Set(this.session.stateNames());
    for (const [name, tensor] of Object.entries(content.tensors))
      if (known.has(name)) this.session.write(name, tensor);
    this.training = content.training;
    this.seed = content.seed;
    this.transforms = pipelines(content.fitted);
    return content.notes;
  }

  loadWeights(bytes: Uint8Array) {
    const { tensors } = readCheckpoint(this.descriptor, bytes);
    const taken: string[] = [];
    const missing: string[] = [];
    const mismatched: string[] = [];
    for (const name of weightNames(this.descriptor)) {
      const tensor = tensors[name];
      if (!tensor) missing.push(name);
      else if (tensor.shape.join() !== this.session.read(name).shape.join()) mismatched.push(name);
      else {
        this.session.write(name, tensor);
        taken.push(name);
      }
    }
    return { taken, missing, mismatched };
  }

  weight(path: string) {
    this.known(path);
    const { shape, data } = this.session.read(path);
    return { shape, data: data as Float32Array | Float64Array };
  }

  setWeight(path: string, data: ArrayLike<number>): void {
    const shape = this.known(path);
    const size = shape.reduce((a, d) => a * d, 1);
    if (data.length !== size)
      throw new InputError(`${path} is [${shape.join(", ")}] and takes ${size} numbers, not ${data.length}.`);
    this.session.write(path, { dtype: "float", shape, data: Float64Array.from(data) });
  }

  dispose(): void {
    this.session.dispose();
  }

  private known(path: string): readonly number[] {
    if (Object.hasOwn(this.descriptor.weights, path)) return this.descriptor.weights[path]!;
    if (this.descriptor.state.includes(path)) return this.session.read(path).shape;
    throw new InputError(`there is no weight ${path}.`);
  }

  protected labelled(data: FitData<T>, fitted: Fitted): Dataset {
    return this.dataset(encodeData(this.descriptor, data as RawData, true), fitted);
  }

  private dataset(encoded: ReturnType<typeof encodeData>, fitted: Fitted): Dataset {
    return toDataset(this.descriptor, encoded, fitted, this.session.precision, true);
  }
}
