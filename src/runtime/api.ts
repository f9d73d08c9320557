import type { ModelDescriptor } from "./descriptor.js";
import type { Report } from "./evaluation.js";
import type { FitOptions, FitResult, StepEvent } from "./fit-api.js";
import type { ModelTypes, OpenTypes } from "./types.js";

/**
 * Raw rows to train on or to be judged by: values by input and task, or a list of objects that have a row each, by the names of
 * inputs and tasks or by the columns of the data section. Of objects, labels that may be missing may be left out.
 */
export type FitData<T extends ModelTypes = OpenTypes> =
  (RowsData<T> & SourceData<T["sources"]>) | readonly T["labelledRow"][];

/** The source of each row, by name or index; required where the spec has several. */
type SourceData<S extends string> = [S] extends [never]
  ? unknown
  : string extends S
    ? { readonly source?: ArrayLike<S | number> }
    : { readonly source: ArrayLike<S | number> };

type RowsData<T extends ModelTypes> = LabelsData<T["labels"]> & InputsData<T>;

/** Where the tasks are not known to TypeScript: one whose labels may be missing may be left out, and no row has a label of it. */
type LabelsData<Labels> = string extends keyof Labels
  ? { readonly labels?: Labels }
  : { readonly labels: Labels };

interface InputsData<T extends ModelTypes> {
  readonly inputs: T["inputs"];
  /** One weight a row, where the spec maps `row_weight`. */
  readonly rowWeight?: ArrayLike<number>;
  /** Weights of a task's rows, where the spec maps `row_weight TASK`. */
  readonly rowWeights?: Readonly<Record<string, ArrayLike<number>>>;
}

export interface ModelFitOptions<T extends ModelTypes = OpenTypes> extends FitOptions<T> {
  /** Rows for early stopping and for the metrics of each epoch. */
  readonly validation?: FitData<T>;
}

/** The rows of an epoch (counted from 1), which may differ each time: for augmentation, streams or fresh noise. */
export type EpochData<T extends ModelTypes = OpenTypes> = (epoch: number) => FitData<T> | Promise<FitData<T>>;

export interface PartialFitOptions {
  /** The step's learning rate; that of the last step by default, or the one that the spec's schedules begin with. */
  readonly lr?: number;
}

/** A weight: its shape, and its numbers row-major. */
export interface WeightValues {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array;
}

/**
 * A model that trains, evaluates and predicts on one engine. Calls may be made at any time and run one after the other, in the order
 * in which they were made; a training lets the others in between its steps. After `dispose` each of them throws an InputError.
 */
export interface Model<T extends ModelTypes = OpenTypes> {
  readonly name: string;
  /** The engine with its backend: `tfjs (wasm)`. */
  readonly engine: string;
  readonly descriptor: ModelDescriptor;
  readonly seed: number;
  /** Steps and epochs done so far. */
  readonly progress: { readonly step: number; readonly epoch: number };
  /**
   * Trains on raw values. The first time it fits transforms, presence rates and class weights on them (where data are a function,
   * on those of its first epoch), and keeps them from then on; every time it begins its schedules anew.
   * Throws an InputError where the rows do not fit the model, and while another `fit` runs.
   */
  fit(data: FitData<T> | EpochData<T>, options?: ModelFitOptions<T>): Promise<FitResult<T>>;
  /**
   * Takes one optimizer step on all of the rows together. A model that was never fitted fits its transforms on them.
   * Throws an InputError where the rows do not fit the model, and while a `fit` runs.
   */
  partialFit(data: FitData<T>, options?: PartialFitOptions): Promise<StepEvent<T>>;
  /** Losses and metrics over all rows; metrics in original units. */
  evaluate(data: FitData<T>): Promise<Report<T>>;
  /**
   * Predictions in original units and class names, of values by input or of a list of rows as `predictOne` takes them. Of a model
   * of several sources, inputs that some of them lack may be left out, and so are then the tasks that depend on them.
   */
  predict(inputs: T["inputs"] | readonly T["row"][]): Promise<T["predictions"]>;
  /** The prediction of one raw row, by input names or by the columns of the data section. */
  predictOne(row: T["row"]): Promise<T["rowPredictions"]>;
  /** A checkpoint, as safetensors bytes. */
  save(notes?: Readonly<Record<string, string>>): Promise<Uint8Array>;
  /** Takes a checkpoint of this model. Returns the notes that were saved with it. Throws an InputError while a `fit` runs. */
  load(bytes: Uint8Array | ArrayBufferLike): Promise<Readonly<Record<string, string>>>;
  /** Takes the weights of another model's checkpoint where paths and shapes agree, and says what did not. */
  loadWeights(bytes: Uint8Array | ArrayBufferLike): Promise<{
    readonly taken: string[];
    readonly missing: string[];
    readonly mismatched: string[];
  }>;
  /** A copy of a weight, by its path. */
  weight(path: string): Promise<WeightValues>;
  /** Gives a weight other numbers, row-major. Throws an InputError where there are too few or too many. */
  setWeight(path: string, data: ArrayLike<number>): Promise<void>;
  /** Frees the engine's memory, after the call that is running. */
  dispose(): void;
}
