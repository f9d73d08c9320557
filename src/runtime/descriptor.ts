/** What the runtime knows of a model: plain data, written into generated modules. */

export type FieldKind = "float" | "int" | "binary" | "category";

export interface TransformUse {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** An input or a label: its type, and what its raw values go through. */
export interface FieldDescriptor {
  readonly name: string;
  readonly kind: FieldKind;
  /** Dimensions of one row inside the model; none for a single number or class. */
  readonly dims: readonly number[];
  /** How many classes, for `category`. */
  readonly classes?: number;
  /** Their names, where the spec gives them; for `binary` the names of 0 and 1. */
  readonly names?: readonly string[];
  /** Raw numbers in a row; differs from the product of `dims` where a transform adds columns. */
  readonly width: number;
  readonly transforms: readonly TransformUse[];
  /** The columns of the data file, one a raw number; empty without a data section. */
  readonly columns: readonly string[];
}

export interface MetricUse {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface TaskDescriptor extends FieldDescriptor {
  /** May be missing in some rows. */
  readonly optional: boolean;
  /** The dimensions of the output. */
  readonly output: readonly number[];
  /** The activation that makes probabilities of a linear output, which predictions leave out. */
  readonly link: "sigmoid" | "softmax" | null;
  readonly metrics: readonly MetricUse[];
  readonly weight: number;
  readonly classWeights: "balanced" | readonly number[] | null;
}

export interface StopDescriptor {
  /** What is watched; several become one number by the criterion. */
  readonly monitor: readonly string[];
  readonly criterion: "mean" | "worst";
  /** One a measure. */
  readonly weights: readonly number[];
  readonly patience: number;
  readonly minDelta: number;
}

export interface TrainDescriptor {
  readonly epochs: number;
  readonly batch: number | "full";
  readonly accumulate: number;
  readonly shuffle: boolean;
  readonly seed: number;
  readonly stop: StopDescriptor | null;
}

export interface ModelDescriptor {
  readonly name: string;
  /** SHA-256, in hex, of the part of the model document that weights depend on: a checkpoint of another hash is refused. */
  readonly hash: string;
  /** SHA-256 of the whole model document. */
  readonly documentHash: string;
  readonly inputs: readonly FieldDescriptor[];
  readonly tasks: readonly TaskDescriptor[];
  readonly train: TrainDescriptor;
  readonly rowWeight: boolean;
  /** Weight paths with their shapes. */
  readonly weights: Readonly<Record<string, readonly number[]>>;
  /** Names of library state, such as batch-norm statistics. */
  readonly state: readonly string[];
}
