import type { Component, Json, ValueType } from "../library/entry.js";
import type { EpisodeSettings } from "../library/sections.js";

/** The type of an input or a label. */
export interface TypeDocument {
  readonly base: "float" | "int" | "binary" | "category";
  readonly dims: readonly number[];
  /** How many classes a `category` has; `names` are those of the classes, also of a `binary`, where the spec gives them. */
  readonly classes?: number;
  readonly names?: readonly string[];
  /** A label that may be missing. */
  readonly optional?: boolean;
}

export interface InputDocument {
  readonly name: string;
  readonly doc?: string;
  readonly type: TypeDocument;
}

/** One application of a layer. */
export interface NodeDocument {
  /** Its path, `trunk.dense`; further applications of a shared layer end with `@2`, `@3`, …. */
  readonly id: string;
  readonly layer: string;
  /** Names of inputs and ids of earlier nodes. */
  readonly inputs: readonly string[];
  readonly options: { readonly [name: string]: Json };
  /** Paths of its weights by the layer's names for them. */
  readonly weights: { readonly [name: string]: string };
  readonly state: { readonly [name: string]: string };
  /** The type of its output. */
  readonly type: ValueType;
}

export interface TaskDocument {
  readonly name: string;
  readonly doc?: string;
  /** A node's id, or an input's name. */
  readonly output: string;
  readonly label: TypeDocument;
  readonly loss: Component;
  readonly metrics: readonly Component[];
  readonly weight: number;
  /** A weight for each class, `balanced` or null. */
  readonly class_weights: "balanced" | readonly number[] | null;
}

export interface OptimizerDocument {
  /** A pattern of weight paths; `null` stands for all weights that no pattern matches. */
  readonly pattern: string | null;
  readonly optimizer: Component;
}

/** Weights that are frozen in some epochs: from the first to the last, counted from 1; `null` is to the end. */
export interface FreezingDocument {
  readonly pattern: string;
  readonly from: number;
  readonly until: number | null;
}

export interface TrainDocument {
  readonly name: string;
  readonly optimizers: readonly OptimizerDocument[];
  /** Weights that never move. */
  readonly freeze: readonly string[];
  readonly freezing: readonly FreezingDocument[];
  readonly balance: Component;
  readonly clip: Component | null;
  readonly stop: Component | null;
  readonly epochs: number;
  readonly batch: number | "full";
  readonly accumulate: number;
  readonly shuffle: boolean;
  readonly seed: number;
  readonly on_divergence: "stop" | "continue";
}

export interface MetaDocument {
  readonly algorithm: Component;
  readonly settings: EpisodeSettings;
}

/** One of the data files. */
export interface SourceDocument {
  /** `null` where there is one file without a name. */
  readonly name: string | null;
  readonly from: string;
  /** Whether its first line names the columns. */
  readonly header: boolean;
}

/** Where an input's or a label's numbers come from, in one source. */
export interface MappingDocument {
  readonly name: string;
  /** The source's name; `null` where sources have none. */
  readonly source: string | null;
  /** Columns, or `first..last` as a pair. */
  readonly columns: readonly (string | { readonly first: string; readonly last: string })[];
  readonly transforms: readonly Component[];
}

/** Shares are `null` where a column says which part a row is in. */
export interface SplitDocument {
  readonly train: number | null;
  readonly validation: number | null;
  readonly test: number | null;
  readonly by: Component;
  readonly seed: number;
}

/** A column that weighs rows' losses. */
export interface RowWeightDocument {
  /** The task whose losses are weighed; `null` for all tasks. */
  readonly task: string | null;
  readonly source: string | null;
  readonly column: string;
}

/** Three disjoint sets of classes for few-shot learning. */
export interface ClassesDocument {
  /** The column of the class. */
  readonly from: string;
  readonly train: readonly string[];
  readonly validation: readonly string[];
  readonly test: readonly string[];
}

export interface DataDocument {
  readonly sources: readonly SourceDocument[];
  readonly sampler: Component;
  readonly batches: "mixed" | "homogeneous";
  readonly missing: readonly string[];
  readonly mappings: readonly MappingDocument[];
  readonly row_weights: readonly RowWeightDocument[];
  readonly classes: ClassesDocument | null;
  readonly split: SplitDocument;
}

export interface LimitDocument {
  readonly quantity: "parameters" | "weights" | "layers" | "flops";
  readonly comparison: "<=" | "<" | ">=" | ">" | "==";
  readonly value: number;
}

/** A checked model, as plain JSON: every shape known, every default filled in. */
export interface ModelDocument {
  readonly nnspec: 1;
  readonly name: string;
  readonly doc?: string;
  readonly inputs: readonly InputDocument[];
  readonly nodes: readonly NodeDocument[];
  readonly tasks: readonly TaskDocument[];
  readonly train: readonly TrainDocument[];
  readonly meta?: MetaDocument;
  readonly data?: DataDocument;
  readonly budget: readonly LimitDocument[];
}
