import type { OptionValues } from "./parameter.js";

/** What the runtime knows of a model: plain data, written into generated modules. */

export type FieldKind = "float" | "int" | "binary" | "category";

export interface TransformUse {
  readonly name: string;
  readonly options: OptionValues;
}

/** An input or a label: its type, and what its raw values go through. */
export interface FieldDescriptor {
  readonly name: string;
  readonly kind: FieldKind;
  /** Dimensions of one row inside the model; none for a single number or class. */
  readonly dims: readonly number[];
  /** How many classes, for `category`. */
  readonly classes?: number;
  /** The names of the classes, where the spec gives them; for `binary` the names of 0 and 1. */
  readonly names?: readonly string[];
  /** Raw numbers in a row; differs from the product of `dims` where a transform adds columns. */
  readonly width: number;
  readonly transforms: readonly TransformUse[];
  /** The columns of the data file, one a raw number; empty without a data section. */
  readonly columns: readonly string[];
}

export interface MetricUse {
  readonly name: string;
  readonly options: OptionValues;
}

export interface TaskDescriptor extends FieldDescriptor {
  /** May be missing in some rows. */
  readonly optional: boolean;
  /** The dimensions of the output. */
  readonly output: readonly number[];
  /** The activation that turns a linear output into probabilities, which prediction has to apply. */
  readonly link: "sigmoid" | "softmax" | null;
  /** Whether evaluation gives logits in the place of probabilities, so that metrics tell apart what would round to 0 or 1. */
  readonly logits: boolean;
  /** Dimensions of a row's elements, each of which has a loss of its own; empty where that is the row. */
  readonly elements: readonly number[];
  readonly metrics: readonly MetricUse[];
  readonly weight: number;
  readonly classWeights: "balanced" | readonly number[] | null;
  /** Whether its rows' losses are weighed by a column of their own. */
  readonly rowWeight: boolean;
  /** Where there are several sources: the inputs that its output depends on. */
  readonly inputs?: readonly string[];
}

/** One of several data files: what its rows have. */
export interface SourceDescriptor {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly tasks: readonly string[];
}

/** How rows of several sources are dealt to training steps. */
export interface SamplingDescriptor {
  readonly sampler: { readonly name: string; readonly options: OptionValues };
  /** Whether a batch holds rows of several sources or of one. */
  readonly batches: "mixed" | "homogeneous";
  /** Names, in the order of rows' source indices. */
  readonly sources: readonly string[];
}

export interface StopDescriptor {
  /** The measures that are watched; several become one number by the criterion. */
  readonly monitor: readonly string[];
  readonly criterion: "mean" | "worst";
  /** A weight for each measure. */
  readonly weights: readonly number[];
  readonly patience: number;
  readonly minDelta: number;
}

export interface TrainDescriptor {
  readonly epochs: number;
  readonly batch: number | "full";
  readonly accumulate: number;
  readonly shuffle: boolean;
  /** Where there are several sources. */
  readonly sampling: SamplingDescriptor | null;
  readonly seed: number;
  readonly stop: StopDescriptor | null;
  /** What to do when a loss or a weight is no finite number any more. */
  readonly onDivergence: "stop" | "continue";
}

/** The part of a descriptor that meta-learning needs. */
export interface MetaDescriptor {
  /** How many rows an episode has to adapt on, and then to be judged by (`query`). */
  readonly support: number;
  readonly query: number;
  readonly tasksPerStep: number;
  readonly steps: number;
  /** Steps of adaptation; 0 where a task's support is kept instead of descended on. */
  readonly innerSteps: number;
  /** Whether predictions need something of a support beside the adapted weights. */
  readonly keeps: boolean;
  /** The most rows that a support may have; null where there is no limit. */
  readonly capacity: number | null;
  /** Whether a prediction depends on the other rows of its batch, so that one row alone cannot be predicted. */
  readonly severalRows: boolean;
  /** Names of what is learned beside the model's weights, such as rates of inner steps. */
  readonly learned: readonly string[];
  /** The family of tasks, where the spec names one. */
  readonly tasks: { readonly name: string; readonly options: OptionValues } | null;
  readonly onDivergence: "stop" | "continue";
}

export interface ModelDescriptor {
  readonly name: string;
  /** SHA-256, in hex, of the part of the model document that weights depend on: a checkpoint of another hash is refused. */
  readonly hash: string;
  /** The hash as in checkpoints of nnspec 0.1.0 and before. */
  readonly formerHash: string;
  /** SHA-256 of the whole model document. */
  readonly documentHash: string;
  readonly inputs: readonly FieldDescriptor[];
  readonly tasks: readonly TaskDescriptor[];
  readonly train: TrainDescriptor;
  readonly meta: MetaDescriptor | null;
  readonly rowWeight: boolean;
  /** Several data files, where the spec names them; else empty. */
  readonly sources: readonly SourceDescriptor[];
  /** Weight paths with their shapes. */
  readonly weights: Readonly<Record<string, readonly number[]>>;
  /** Names of library state, such as batch-norm statistics. */
  readonly state: readonly string[];
}
